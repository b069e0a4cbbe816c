using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DaprMesh.Contracts;

namespace DaprMesh.Testing;

/// <summary>
/// Stands for the service auth where a test is about another service: signs access tokens, and tells services of its keys, of ended sessions
/// and of changed accounts. A <see cref="Mesh"/> has one when its description says <see cref="MeshBuilder.Authority"/>.
/// </summary>
public sealed class Authority : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly List<SigningKey> _keys = [];
    private readonly List<(long Cursor, RevokedSession Session)> _revoked = [];
    private readonly List<(long Cursor, AccountChange Account)> _changed = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _roles = new(Permissions.Defaults, StringComparer.Ordinal);
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _cursor = 1;

    /// <param name="clock">What its tokens' times are taken from.</param>
    public Authority(TimeProvider clock)
    {
        _clock = clock;
        _keys.Add(new SigningKey("key-1"));
    }

    public string Issuer { get; init; } = "http://localhost:8080";

    public string Audience { get; init; } = "daprmesh";

    /// <summary>The key that signs now.</summary>
    public string KeyId => Current.Id;

    private SigningKey Current
    {
        get
        {
            lock (_gate)
            {
                return _keys[^1];
            }
        }
    }

    /// <summary>An access token as auth makes them: for a person with roles, in a session of its own.</summary>
    public string Token(string userId, params IEnumerable<string> roles) => Token(Claims(userId, roles));

    /// <summary>A token with these claims, whatever they are, and a good signature.</summary>
    public string Token(IReadOnlyDictionary<string, object> claims)
    {
        var key = Current;
        return Sign($$"""{"alg":"ES256","kid":"{{key.Id}}","typ":"at+jwt"}""", JsonSerializer.Serialize(claims), key);
    }

    /// <summary>A token with this header, whatever it says, and a good signature.</summary>
    public string Token(IReadOnlyDictionary<string, object> header, IReadOnlyDictionary<string, object> claims) =>
        SignRaw(JsonSerializer.Serialize(header), JsonSerializer.Serialize(claims));

    /// <summary>A token of two texts, whatever they are, and a good signature.</summary>
    public string SignRaw(string header, string claims) => Sign(header, claims, Current);

    /// <summary>The claims of an ordinary token, to be changed.</summary>
    public Dictionary<string, object> Claims(string userId, IEnumerable<string> roles, string? sessionId = null, long version = 1)
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        return new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = userId,
            ["sid"] = sessionId ?? $"ses_{Guid.CreateVersion7(_clock.GetUtcNow()):N}",
            ["name"] = userId,
            ["roles"] = roles.ToArray(),
            ["ver"] = version,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + (long)Lifetime.TotalSeconds,
            ["jti"] = Guid.CreateVersion7(_clock.GetUtcNow()).ToString("N"),
        };
    }

    /// <summary>Signs with a new key from now on; tokens of the older ones go on counting.</summary>
    public void Rotate() => Tell(() => _keys.Add(new SigningKey($"key-{_keys.Count + 1}-{Guid.NewGuid():N}")));

    /// <summary>Forgets all keys but the one that signs.</summary>
    public void WithdrawOldKeys() => Tell(() => _keys.RemoveRange(0, _keys.Count - 1));

    /// <summary>Ends a session: its tokens count no more.</summary>
    public void Revoke(string sessionId) => Tell(() => _revoked.Add((_cursor, new RevokedSession(sessionId, _clock.GetUtcNow() + Lifetime))));

    /// <summary>Overrules tokens of the account whose version is lower.</summary>
    public void Change(string userId, long version, IEnumerable<string> roles, bool isBlocked = false) =>
        Tell(() => _changed.Add((_cursor, new AccountChange(userId, version, roles.ToArray(), isBlocked, _clock.GetUtcNow() + Lifetime))));

    /// <summary>Says what a role may do.</summary>
    public void Allow(string role, params IEnumerable<string> permissions) => Tell(() => _roles[role] = permissions.ToArray());

    /// <summary>What has happened after the cursor, with all keys and roles.</summary>
    public SecurityFeed Feed(long after)
    {
        lock (_gate)
        {
            return new SecurityFeed(
                _cursor,
                new JsonWebKeySet([.. _keys.Select(key => key.Public)]),
                [.. _revoked.Where(entry => entry.Cursor > after).Select(entry => entry.Session)],
                [.. _changed.Where(entry => entry.Cursor > after).Select(entry => entry.Account)],
                new Dictionary<string, IReadOnlyList<string>>(_roles));
        }
    }

    /// <summary>Completes when there is something after the cursor.</summary>
    public async Task NewsAsync(long after, CancellationToken ct)
    {
        while (true)
        {
            Task news;
            lock (_gate)
            {
                if (_cursor > after)
                {
                    return;
                }

                news = _news.Task;
            }

            await news.WaitAsync(ct);
        }
    }

    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }

    private static string Sign(string header, string claims, SigningKey key)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private void Tell(Action change)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            _cursor++;
            change();
            told = _news;
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        told.SetResult();
    }

    private sealed class SigningKey : IDisposable
    {
        private readonly Lock _turn = new();
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public SigningKey(string id)
        {
            Id = id;
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            Public = new JsonWebKey("EC", "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y), id, "ES256", "sig");
        }

        public string Id { get; }

        public JsonWebKey Public { get; }

        public byte[] Sign(byte[] data)
        {
            lock (_turn)
            {
                return _key.SignData(data, HashAlgorithmName.SHA256);
            }
        }

        public void Dispose() => _key.Dispose();
    }
}
