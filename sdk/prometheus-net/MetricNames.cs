using System.Buffers;

namespace Prometheus;

/// <summary>The rules for the names of metrics and labels.</summary>
internal static class MetricNames
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    public static void RequireMetricName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsName(name))
            throw new ArgumentException($"'{name}' is not a metric name: letters, digits and _ are allowed, a digit not in front.", nameof(name));
    }

    public static void RequireLabelName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsName(name))
            throw new ArgumentException($"'{name}' is not a label name: letters, digits and _ are allowed, a digit not in front.", nameof(name));
        if (name.StartsWith("__", StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' is not a label name: two underscores in front are reserved for Prometheus.", nameof(name));
    }

    /// <summary>A name of .NET's meters as a name of Prometheus: lower case, and every other character an underscore.</summary>
    public static string FromDotNet(string name)
    {
        var translated = string.Create(name.Length, name, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                to[i] = Allowed.Contains(from[i]) ? char.ToLowerInvariant(from[i]) : '_';
        });
        return translated.Length > 0 && char.IsAsciiDigit(translated[0]) ? "_" + translated : translated;
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(Allowed);
}
