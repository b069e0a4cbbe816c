using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Options;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Checks compact JWTs (RFC 7515, 7519, 9068): ES256 by a key that the state knows, and nothing else.</summary>
internal sealed class TokenVerifier(IOptions<IdentityOptions> options, TimeProvider clock)
{
    private const int MaxHeaderLength = 512;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public TokenCheck Verify(ReadOnlySpan<char> token, SecurityState security)
    {
        if (token.Length > options.Value.MaxTokenLength || !Ascii.IsValid(token))
        {
            return IdentityFailure.Invalid;
        }

        var headerEnd = token.IndexOf('.');
        var payloadEnd = token.LastIndexOf('.');
        if (headerEnd is <= 0 or > MaxHeaderLength || payloadEnd <= headerEnd + 1 || token[(headerEnd + 1)..payloadEnd].Contains('.'))
        {
            return IdentityFailure.Invalid;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(token.Length);
        try
        {
            if (KeyName(token[..headerEnd], buffer) is not { } name)
            {
                return IdentityFailure.Invalid;
            }

            if (security.FindKey(name) is not { } key)
            {
                return TokenCheck.OfUnknownKey;
            }

            return IsSigned(token, payloadEnd, key, buffer) && Claims(token[(headerEnd + 1)..payloadEnd], key, buffer) is { } verified
                ? WhenInTime(verified)
                : IdentityFailure.Invalid;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Time passes after a token was verified, too.</summary>
    public TokenCheck WhenInTime(VerifiedToken token)
    {
        var now = clock.GetUtcNow();
        return now >= token.ExpiresAt + options.Value.ClockSkew ? IdentityFailure.Expired
            : now < token.NotBefore - options.Value.ClockSkew ? IdentityFailure.Invalid
            : token;
    }

    /// <summary>
    /// The key that the header names. Keys and addresses of keys in the header (jwk, jku, x5c, x5u) and extensions (crit) are refused by
    /// taking only what our tokens have.
    /// </summary>
    private static string? KeyName(ReadOnlySpan<char> encoded, byte[] buffer)
    {
        using var header = Parse(encoded, buffer);
        if (header is null)
        {
            return null;
        }

        string? algorithm = null, name = null, type = null;
        foreach (var member in header.RootElement.EnumerateObject())
        {
            switch (member.Name)
            {
                case "alg":
                    algorithm = Text(member.Value);
                    break;
                case "kid":
                    name = Text(member.Value);
                    break;
                case "typ":
                    type = Text(member.Value);
                    break;
                default:
                    return null;
            }
        }

        return algorithm == "ES256" && type == "at+jwt" && name is { Length: > 0 } ? name : null;
    }

    private static bool IsSigned(ReadOnlySpan<char> token, int payloadEnd, VerificationKey key, byte[] buffer)
    {
        Span<byte> signature = stackalloc byte[VerificationKey.SignatureLength];
        return Base64UrlText.TryDecode(token[(payloadEnd + 1)..], signature, out var written)
            && written == VerificationKey.SignatureLength
            && Ascii.FromUtf16(token[..payloadEnd], buffer, out var length) == OperationStatus.Done
            && key.Verify(buffer.AsSpan(0, length), signature);
    }

    private VerifiedToken? Claims(ReadOnlySpan<char> encoded, VerificationKey key, byte[] buffer)
    {
        using var payload = Parse(encoded, buffer);
        if (payload is null)
        {
            return null;
        }

        var claims = payload.RootElement;
        return Text(claims, "iss") == options.Value.Issuer
            && IsForUs(claims)
            && Text(claims, "sub") is { Length: > 0 } subject
            && Text(claims, "sid") is { Length: > 0 } session
            && Roles(claims) is { } roles
            && Number(claims, "ver") is { } version
            && Time(claims, "iat") is { } issued
            && Time(claims, "exp") is { } expires && expires > issued
            ? new VerifiedToken(subject, session, Text(claims, "name") ?? subject, roles, version, Time(claims, "nbf") is { } start && start > issued ? start : issued, expires, key)
            : null;
    }

    private bool IsForUs(JsonElement claims) => claims.TryGetProperty("aud", out var audience) && audience.ValueKind switch
    {
        JsonValueKind.String => Text(audience) == options.Value.Audience,
        JsonValueKind.Array => audience.EnumerateArray().Any(one => Text(one) == options.Value.Audience),
        _ => false,
    };

    private static List<string>? Roles(JsonElement claims)
    {
        if (!claims.TryGetProperty("roles", out var roles) || roles.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var names = new List<string>(roles.GetArrayLength());
        foreach (var role in roles.EnumerateArray())
        {
            if (Text(role) is not { } name)
            {
                return null;
            }

            names.Add(name);
        }

        return names;
    }

    private static JsonDocument? Parse(ReadOnlySpan<char> encoded, byte[] buffer)
    {
        if (!Base64UrlText.TryDecode(encoded, buffer, out var length) || !Utf8.IsValid(buffer.AsSpan(0, length)))
        {
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(buffer.AsMemory(0, length), Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair, written as an escape
        }
    }

    private static long? Number(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 ? number : null;

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        Number(claims, name) is { } seconds && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds() - (long)TimeSpan.FromDays(1).TotalSeconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}

/// <summary>What came of looking at a token: a verified one, a failure, or the name of a key that is not known here.</summary>
internal readonly record struct TokenCheck(VerifiedToken? Token, IdentityFailure? Failure)
{
    public static readonly TokenCheck OfUnknownKey;

    public bool IsUnknownKey => Token is null && Failure is null;

    public static implicit operator TokenCheck(VerifiedToken token) => new(token, null);

    public static implicit operator TokenCheck(IdentityFailure failure) => new(null, failure);
}
