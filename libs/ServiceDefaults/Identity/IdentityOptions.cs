using System.ComponentModel.DataAnnotations;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Which access tokens count here.</summary>
public sealed class IdentityOptions
{
    internal const string Scheme = "Bearer";

    /// <summary>Who makes them: the claim <c>iss</c>.</summary>
    [Required]
    public string Issuer { get; set; } = "http://localhost:8080";

    /// <summary>Whom they are for: the claim <c>aud</c>.</summary>
    [Required]
    public string Audience { get; set; } = "daprmesh";

    /// <summary>By how much the clocks of machines may differ.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longer tokens are refused unread.</summary>
    [Range(512, 65_536)]
    public int MaxTokenLength { get; set; } = 8192;

    /// <summary>How many verified tokens are remembered, so that their signature is checked once.</summary>
    [Range(2, 1_000_000)]
    public int CachedTokens { get; set; } = 20_000;

    /// <summary>How long the sidecar's question for news may stay open.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan FeedWait { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a request with a token waits for the first news after the start, before it is sent away for a moment.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan FirstFeedPatience { get; set; } = TimeSpan.FromSeconds(1);
}
