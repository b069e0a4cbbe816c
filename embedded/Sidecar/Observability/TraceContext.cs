using System.Buffers;
using System.Diagnostics;
using System.Globalization;

namespace DaprMesh.Sidecar.Observability;

/// <summary>Reads W3C trace context as daprd does.</summary>
internal static class TraceContext
{
    private const int MaxVersion = 254;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>The caller's span; the default value when there is none or it is malformed, which starts a new trace.</summary>
    public static ActivityContext Parse(string? traceParent, string? traceState)
    {
        if (string.IsNullOrEmpty(traceParent))
        {
            return default;
        }

        var parts = traceParent.Split('-');
        if (parts.Length < 4
            || parts[0].Length != 2 || !byte.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var version)
            || version > MaxVersion || (version == 0 && parts.Length != 4)
            || !IsId(parts[1], 32) || !IsId(parts[2], 16)
            || parts[3].Length != 2 || !byte.TryParse(parts[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var flags))
        {
            return default;
        }

        return new ActivityContext(
            ActivityTraceId.CreateFromString(parts[1]), ActivitySpanId.CreateFromString(parts[2]), (ActivityTraceFlags)flags,
            TraceState.IsValid(traceState) ? traceState : null, isRemote: true);
    }

    /// <summary>Lower-case hexadecimal and not all zeros.</summary>
    private static bool IsId(string text, int length) =>
        text.Length == length && !text.AsSpan().ContainsAnyExcept(LowerHex) && text.AsSpan().ContainsAnyExcept('0');
}
