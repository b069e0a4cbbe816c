using DaprMesh.Auth.Sessions;
using DaprMesh.Auth.Tokens;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Logins;

/// <summary>Makes the answer of what a login or a refresh gives, after it is committed. No cache may keep one.</summary>
internal sealed class TokenAnswers(AccessTokens tokens, IOptions<AuthOptions> options)
{
    private const string Type = "Bearer";

    public TokenAnswer Of(Granted granted) => new(
        tokens.Create(granted.Account, granted.SessionId), Type, ExpiresIn, granted.RefreshToken, granted.SessionId, granted.Account.Id, granted.Account.Roles);

    public OAuthAnswer OAuthOf(Granted granted) => new(tokens.Create(granted.Account, granted.SessionId), Type, ExpiresIn, granted.RefreshToken);

    public static void ForbidCaching(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
    }

    private int ExpiresIn => (int)options.Value.AccessTokenLife.TotalSeconds;
}
