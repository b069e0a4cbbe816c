using System.Globalization;

namespace DaprMesh.Sidecar.State;

/// <summary>The checks of a write that stores have in common.</summary>
internal static class StateRules
{
    /// <exception cref="StateStoreException">An option has a value that Dapr does not know.</exception>
    public static void CheckOptions(StateOperation operation)
    {
        if (operation.Concurrency is not (null or "" or "first-write" or "last-write"))
        {
            throw new StateStoreException($"unrecognized concurrency model '{operation.Concurrency}'");
        }

        if (operation.Consistency is not (null or "" or "strong" or "eventual"))
        {
            throw new StateStoreException($"unrecognized consistency model '{operation.Consistency}'");
        }
    }

    /// <summary>Seconds to live as the SQL stores read them; 0 for no expiry.</summary>
    /// <exception cref="StateStoreException">It is no number, or one below -1.</exception>
    public static int StrictTtl(StateOperation operation)
    {
        if (string.IsNullOrEmpty(operation.TtlInSeconds))
        {
            return 0;
        }

        const string Error = "error parsing TTL: incorrect value for metadata 'ttlInSeconds': ";
        if (!TryParse(operation.TtlInSeconds, out var seconds, out var fault))
        {
            throw new StateStoreException($"{Error}strconv.ParseInt: {fault}");
        }

        return seconds is < -1 or > int.MaxValue
            ? throw new StateStoreException(Error + "must be -1 or greater")
            : (int)Math.Max(seconds, 0);
    }

    /// <summary>Seconds to live as state.in-memory reads them: anything below 1 is no expiry.</summary>
    /// <exception cref="StateStoreException">It is no number.</exception>
    public static long LenientTtl(StateOperation operation)
    {
        if (string.IsNullOrEmpty(operation.TtlInSeconds))
        {
            return 0;
        }

        return TryParse(operation.TtlInSeconds, out var seconds, out var fault)
            ? Math.Max(seconds, 0)
            : throw new StateStoreException($"strconv.Atoi: {fault}");
    }

    private static bool TryParse(string text, out long number, out string fault)
    {
        fault = "";
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            return true;
        }

        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        var inRange = digits.IsEmpty || digits.IndexOfAnyExceptInRange('0', '9') >= 0;
        fault = $"parsing {System.Text.Encoding.UTF8.GetString(Quote(text))}: {(inRange ? "invalid syntax" : "value out of range")}";
        return false;
    }

    private static byte[] Quote(string text)
    {
        var quoted = new System.Buffers.ArrayBufferWriter<byte>();
        Json.GoJsonText.WriteString(quoted, text);
        return quoted.WrittenSpan.ToArray();
    }
}
