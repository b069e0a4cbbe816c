using System.Diagnostics.CodeAnalysis;

namespace Prometheus;

/// <summary>Finds a series by label values on the caller's stack, without an array for the look-up.</summary>
internal sealed class LabelValuesComparer : IEqualityComparer<string[]>, IAlternateEqualityComparer<ReadOnlySpan<string>, string[]>
{
    public static readonly LabelValuesComparer Instance = new();

    public bool Equals(string[]? x, string[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<string> alternate, string[] other) => alternate.SequenceEqual(other);

    public int GetHashCode([DisallowNull] string[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<string> alternate)
    {
        var hash = alternate.Length;
        foreach (var value in alternate)
            hash = unchecked((hash * 31) + (value?.GetHashCode(StringComparison.Ordinal) ?? 0));
        return hash;
    }

    public string[] Create(ReadOnlySpan<string> alternate) => alternate.ToArray();
}
