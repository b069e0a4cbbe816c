using System.Security.Cryptography;
using System.Text;

namespace DaprMesh.Users;

internal static class UserId
{
    /// <summary>
    /// A new id; for the same idempotency key and e-mail always the same one, so that a repeated registration meets the account of the first.
    /// </summary>
    public static string For(string? idempotencyKey, string email, DateTimeOffset now) => idempotencyKey is null
        ? $"usr_{Guid.CreateVersion7(now):N}"
        : $"usr_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{idempotencyKey}\n{email.ToUpperInvariant()}")))[..32]}";
}
