using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>
/// Tokens whose signature was found good, up to a number. Two generations: what was used since the younger one began stays when the older one
/// is dropped.
/// </summary>
internal sealed class TokenCache(int capacity)
{
    private readonly Lock _turn = new();
    private readonly int _half = Math.Max(1, capacity / 2);
    private ConcurrentDictionary<string, RememberedToken> _young = New();
    private ConcurrentDictionary<string, RememberedToken> _old = New();
    private int _added;

    public int Count => _young.Count + _old.Count;

    /// <summary>Finds a token without making a string of it.</summary>
    public bool TryFind(ReadOnlySpan<char> token, [NotNullWhen(true)] out RememberedToken? found)
    {
        if (_young.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out found))
        {
            return true;
        }

        if (!_old.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out var text, out found))
        {
            return false;
        }

        Add(text, found);
        return true;
    }

    public void Add(string token, RememberedToken remembered)
    {
        if (!_young.TryAdd(token, remembered) || Interlocked.Increment(ref _added) < _half)
        {
            return;
        }

        lock (_turn)
        {
            if (_added >= _half)
            {
                _old = _young;
                _young = New();
                _added = 0;
            }
        }
    }

    private static ConcurrentDictionary<string, RememberedToken> New() => new(BySignature.Instance);

    /// <summary>
    /// The end of a token is the end of its signature, which differs enough; only good tokens are in here, so nobody can choose what collides.
    /// </summary>
    private sealed class BySignature : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
    {
        private const int Letters = 16;

        public static readonly BySignature Instance = new();

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.SequenceEqual(other);

        public int GetHashCode(string obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<char> alternate) => string.GetHashCode(alternate.Length > Letters ? alternate[^Letters..] : alternate);

        public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
    }
}

/// <summary>A verified token with the last judgement on it.</summary>
internal sealed class RememberedToken(VerifiedToken token)
{
    private Judgement? _last;

    public VerifiedToken Token { get; } = token;

    /// <summary>Judges anew only when something has changed since.</summary>
    public Identified Judge(SecurityState security)
    {
        var last = _last;
        if (last is null || !ReferenceEquals(last.By, security))
        {
            _last = last = new Judgement(security, security.Judge(Token));
        }

        return last.Result;
    }

    private sealed record Judgement(SecurityState By, Identified Result);
}
