using System.Text.Json;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>Which tokens count: those of an issuer for an audience, within their time give or take five minutes.</summary>
internal sealed class TokenRules(string issuer, string audience, TimeProvider clock)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public bool Accept(JsonWebToken token)
    {
        var claims = token.Claims;
        return claims.TryGetProperty("iss", out var iss) && iss.ValueKind == JsonValueKind.String && iss.ValueEquals(issuer)
            && claims.TryGetProperty("aud", out var aud) && HasAudience(aud)
            && IsInTime(claims);
    }

    private bool HasAudience(JsonElement aud) => aud.ValueKind switch
    {
        JsonValueKind.String => aud.ValueEquals(audience),
        JsonValueKind.Array => aud.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience)),
        _ => false,
    };

    private bool IsInTime(JsonElement claims)
    {
        var now = clock.GetUtcNow();
        return TryTime(claims, "exp", out var expires) && TryTime(claims, "nbf", out var notBefore) && TryTime(claims, "iat", out var issued)
            && (expires is null || now < expires + Skew)
            && (notBefore is null || now >= notBefore - Skew)
            && (issued is null || now >= issued - Skew);
    }

    /// <summary>False when the claim is there and is no time.</summary>
    private static bool TryTime(JsonElement claims, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!claims.TryGetProperty(name, out var claim))
            return true;

        if (claim.ValueKind != JsonValueKind.Number || !claim.TryGetDouble(out var seconds) || Math.Abs(seconds) > 100_000_000_000)
            return false;

        time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }
}
