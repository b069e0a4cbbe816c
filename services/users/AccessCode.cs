using System.Security.Cryptography;
using System.Text;
using DaprMesh.State;

namespace DaprMesh.Users;

/// <summary>Lets a person log in without a password: once, several times, or until it ends. Only the code's hash is kept; it is the document's key.</summary>
/// <param name="Hint">The code's last four characters, to tell codes apart in a list.</param>
/// <param name="MaxUses">Null: any number of times.</param>
/// <param name="Uses">Who used it and when, the latest last.</param>
public sealed record AccessCode(
    string Id, string UserId, string Hint, int? MaxUses, int UseCount, IReadOnlyList<CodeUse> Uses, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's: no I, L, O, U
    private const int Length = 12; // 60 bits
    private const int UsesKept = 10;

    /// <summary>An attempt that comes again within this time is the same attempt, whose answer was lost.</summary>
    private static readonly TimeSpan Repeat = TimeSpan.FromMinutes(2);

    public bool IsOpen(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt && (MaxUses is null || UseCount < MaxUses);

    /// <summary>A new code in the form XXXX-XXXX-XXXX. It is never stored, so it can be shown once only.</summary>
    public static string NewText()
    {
        var characters = RandomNumberGenerator.GetString(Alphabet, Length);
        return $"{characters[..4]}-{characters[4..8]}-{characters[8..]}";
    }

    /// <summary>The key of the code that a person typed, whatever the case, the dashes and the letters that look like digits; null: it can't be one.</summary>
    public static string? KeyOf(string typed)
    {
        var text = new StringBuilder(Length);
        foreach (var character in typed)
        {
            switch (char.ToUpperInvariant(character))
            {
                case '-' or ' ':
                    break;
                case 'O':
                    text.Append('0');
                    break;
                case 'I' or 'L':
                    text.Append('1');
                    break;
                case var other when Alphabet.Contains(other, StringComparison.Ordinal):
                    text.Append(other);
                    break;
                default:
                    return null;
            }
        }

        return text.Length == Length ? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text.ToString()))) : null;
    }

    /// <param name="attempt">Names the login attempt; the same one may come twice.</param>
    public Decision<AccessCode> Use(string attempt, DateTimeOffset now)
    {
        if (RevokedAt is null && now < ExpiresAt && Uses.Any(use => use.Attempt == attempt && now - use.At < Repeat))
        {
            return Decision.Keep(this);
        }

        return IsOpen(now)
            ? Decision.Change(this with { UseCount = UseCount + 1, Uses = [.. Uses.TakeLast(UsesKept - 1), new CodeUse(attempt, now)] })
            : Refusals.WrongCode;
    }

    public Decision<AccessCode> Revoke(DateTimeOffset now) =>
        RevokedAt is null ? Decision.Change(this with { RevokedAt = now }) : Decision.Keep(this);
}

/// <summary>One use of an access code.</summary>
public sealed record CodeUse(string Attempt, DateTimeOffset At);
