using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.State;

/// <summary>What a caller says it read: the <c>If-Match</c> header. A handler takes it as a parameter.</summary>
public sealed class IfMatch : IBindableFromHttpContext<IfMatch>
{
    private readonly string[]? _etags; // null: whatever is there

    private IfMatch(string[]? etags, bool isNeeded) => (_etags, IsNeeded) = (etags, isNeeded);

    /// <summary>Whatever is there: no header, or <c>*</c>.</summary>
    public static IfMatch Any { get; } = new(null, isNeeded: false);

    /// <summary>The caller said nothing, though it has to.</summary>
    internal bool IsNeeded { get; }

    /// <summary>The header was sent.</summary>
    public bool IsSent { get; private init; }

    /// <summary>The same condition; refused with 428 when the header was not sent.</summary>
    public IfMatch Needed() => IsSent ? this : new IfMatch(null, isNeeded: true);

    /// <summary>The condition that the ETag is one of these.</summary>
    public static IfMatch Of(params string[] etags) => new(etags, isNeeded: false) { IsSent = true };

    public static IfMatch Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var etags = request.Headers.IfMatch
            .SelectMany(header => (header ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(etag => etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag)
            .Select(etag => etag.Trim('"'))
            .ToArray();
        return etags.Length == 0 ? Any : new IfMatch(etags.Contains("*") ? null : etags, isNeeded: false) { IsSent = true };
    }

    public static ValueTask<IfMatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult<IfMatch?>(Of(context.Request));
    }

    internal bool Fits(string? etag) => _etags is null || (etag is not null && _etags.Contains(etag));
}
