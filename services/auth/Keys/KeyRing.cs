using System.Security.Cryptography;
using DaprMesh.Auth.Storage;

namespace DaprMesh.Auth.Keys;

/// <summary>The signing keys at hand. What another replica adds is here before it signs.</summary>
internal sealed class KeyRing(AuthDatabase database, TimeProvider clock) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ECDsa> _pairs = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<SigningKey> _keys = [];
    private string? _secret;

    /// <summary>All keys that tokens may be signed by, the one that signs among them.</summary>
    public IReadOnlyList<SigningKey> Keys => _keys;

    /// <summary>Reads the keys again.</summary>
    public void Load(string? secret = null)
    {
        lock (_gate)
        {
            _secret ??= secret;
            var keys = database.Read(session => session.SigningKeys());
            foreach (var key in keys.Where(key => !_pairs.ContainsKey(key.Id)))
            {
                if (Pair(key) is { } pair)
                {
                    _pairs.Add(key.Id, pair);
                }
            }

            foreach (var gone in _pairs.Keys.Except(keys.Select(key => key.Id)).ToList())
            {
                _pairs.Remove(gone, out var pair);
                pair?.Dispose();
            }

            _keys = keys;
        }
    }

    /// <summary>The name of the key that signs now.</summary>
    public string Current => Signing().Id;

    /// <summary>Signs by a key that was <see cref="Current"/> a moment ago: r and s, as RFC 7518 wants them.</summary>
    public byte[] Sign(string id, ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            return _pairs[id].SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    public void Dispose()
    {
        foreach (var pair in _pairs.Values)
        {
            pair.Dispose();
        }
    }

    private SigningKey Signing()
    {
        var now = clock.GetUtcNow();
        return _keys.LastOrDefault(key => key.SignsFrom <= now && _pairs.ContainsKey(key.Id))
            ?? throw new DatabaseUnavailableException("There is no signing key yet.", null);
    }

    private ECDsa? Pair(SigningKey key)
    {
        if (key.PrivateKey is not null)
        {
            return SigningKey.Import(key.PrivateKey);
        }

        if (_secret is null)
        {
            return null;
        }

        var pair = SigningKey.Import(_secret);
        if (SigningKey.OfSecret(_secret, key.CreatedAt, key.SignsFrom).Id == key.Id)
        {
            return pair;
        }

        pair.Dispose();
        return null;
    }
}
