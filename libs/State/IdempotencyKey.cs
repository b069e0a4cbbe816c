using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DaprMesh.State;

/// <summary>Makes a repeat of a write harmless: what was done under the key is remembered in the same transaction, for a while.</summary>
public sealed class IdempotencyKey
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private IdempotencyKey(string id, string bodyHash, TimeSpan? lifetime) => (Id, BodyHash, TimeToLive) = (id, bodyHash, lifetime);

    internal string Id { get; }

    internal string BodyHash { get; }

    /// <summary>Null: forever.</summary>
    internal TimeSpan? TimeToLive { get; }

    /// <summary>The key that a client sent.</summary>
    /// <param name="key">The header's value.</param>
    /// <param name="body">What was asked for: the same key with another body is refused.</param>
    /// <param name="scope">Whose key it is, such as the caller's id, so that nobody is given what someone else was answered.</param>
    public static IdempotencyKey Of(string key, ReadOnlySpan<byte> body, string scope = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(scope);
        return new IdempotencyKey(Hash(Encoding.UTF8.GetBytes($"{scope.Length}:{scope}{key}")), Hash(body), Lifetime);
    }

    /// <summary>A key that is never forgotten, for what a service does once in its life.</summary>
    public static IdempotencyKey Forever(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return new IdempotencyKey(Hash(Encoding.UTF8.GetBytes($"forever:{key}")), "", lifetime: null);
    }

    /// <summary>The key of an event in one handler: a redelivered event changes nothing.</summary>
    /// <param name="handler">Tells handlers of the same event in one service apart.</param>
    public static IdempotencyKey Of(EventInfo told, string handler = "")
    {
        ArgumentNullException.ThrowIfNull(told);
        return new IdempotencyKey(Hash(Encoding.UTF8.GetBytes($"event:{handler}:{told.Id}")), "", Inbox.Memory);
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(SHA256.HashData(bytes));
}
