using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace DaprMesh.Users;

internal static partial class UserId
{
    /// <summary>Whether a text can be an id; what a path brings can be anything.</summary>
    public static bool IsOne(string text) => Form().IsMatch(text);

    /// <summary>
    /// A new id; for the same idempotency key and e-mail always the same one, so that a repeated registration meets the account of the first.
    /// </summary>
    public static string For(string? idempotencyKey, string email, DateTimeOffset now) => idempotencyKey is null
        ? $"usr_{Guid.CreateVersion7(now):N}"
        : $"usr_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{idempotencyKey}\n{email.ToUpperInvariant()}")))[..32]}";

    [GeneratedRegex("^usr_[0-9A-Za-z_-]{1,64}$")]
    private static partial Regex Form();
}
