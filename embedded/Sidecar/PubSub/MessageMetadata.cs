using System.Globalization;
using DaprMesh.Sidecar.Jobs;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>The entries of a message's or a subscription's metadata that daprd itself reads; their names compare without case.</summary>
internal static class MessageMetadata
{
    /// <summary>No metadata at all, which is something else than empty metadata where daprd writes it out.</summary>
    public static readonly IReadOnlyDictionary<string, string> Absent = new Dictionary<string, string>();

    public static string? Find(IReadOnlyDictionary<string, string> metadata, string name)
    {
        if (metadata.Count == 0)
        {
            return null;
        }

        if (metadata.TryGetValue(name, out var exact))
        {
            return exact;
        }

        foreach (var (key, value) in metadata)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    /// <exception cref="FormatException">The value is no boolean; the message is daprd's.</exception>
    public static bool IsRaw(IReadOnlyDictionary<string, string> metadata) => Find(metadata, "rawPayload") switch
    {
        null or "" or "0" or "f" or "F" or "false" or "False" or "FALSE" => false,
        "1" or "t" or "T" or "true" or "True" or "TRUE" => true,
        var other => throw new FormatException($"rawPayload value must be a valid boolean: actual is '{other}'"),
    };

    /// <summary>A message's time to live; null when it has none or an unusable one, which daprd ignores.</summary>
    public static TimeSpan? Ttl(IReadOnlyDictionary<string, string> metadata)
    {
        if ((Find(metadata, "ttl") ?? Find(metadata, "ttlInSeconds")) is not { Length: > 0 } text)
        {
            return null;
        }

        if (GoDuration.TryParse(text, out var duration))
        {
            return duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, (long)Longest.TotalSeconds))
            : null;
    }

    /// <summary>Longer times are cut to this, so that adding one to a date stays in range.</summary>
    private static TimeSpan Longest => TimeSpan.FromDays(365 * 200);
}
