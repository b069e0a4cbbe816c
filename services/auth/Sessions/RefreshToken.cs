using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DaprMesh.Auth.Sessions;

/// <summary>
/// A refresh token: 256 bits that nobody can guess. The database keeps its hash. A successor is made of the presented token and a seed, so that
/// who lost the answer gets the same one again, though neither alone, nor the database, is enough to make it.
/// </summary>
internal static class RefreshToken
{
    private const int Length = 32;
    private const int TextLength = 43;

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));

    public static string CreateSeed() => Create();

    public static string SuccessorOf(string token, string seed) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Base64Url.DecodeFromChars(seed), Encoding.ASCII.GetBytes(token)));

    /// <summary>What the database knows it by; null: the text is no refresh token.</summary>
    public static string? HashOf(string? token) =>
        token is { Length: TextLength } && Base64Url.IsValid(token)
            ? Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)))
            : null;
}
