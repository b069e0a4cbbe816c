using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DaprMesh.Auth.Audit;

/// <summary>One thing that happened to an account, a session, a role or a key.</summary>
/// <param name="ActorId">The account that did it, when it is another than the one it happened to.</param>
internal sealed record AuditEntry(
    long Seq, DateTimeOffset At, string Kind, string? AccountId, string? SessionId, string? ActorId, string? Address, string? TraceId, string? Detail)
{
    /// <summary>What the first row follows.</summary>
    public static readonly string Genesis = new('0', 64);

    /// <summary>The row's hash: over the one before it and over every field with its length, so that no field can lend letters to the next.</summary>
    public string HashAfter(string previous)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, previous);
        Add(hash, Seq.ToString(CultureInfo.InvariantCulture));
        Add(hash, At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        Add(hash, Kind);
        Add(hash, AccountId);
        Add(hash, SessionId);
        Add(hash, ActorId);
        Add(hash, Address);
        Add(hash, TraceId);
        Add(hash, Detail);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, string? field)
    {
        var bytes = Encoding.UTF8.GetBytes(field ?? "");
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, field is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
