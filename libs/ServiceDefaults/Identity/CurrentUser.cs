using System.Security.Claims;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Who calls, by a verified token; a handler takes it as a parameter.</summary>
public sealed class CurrentUser
{
    private readonly VerifiedToken? _token;
    private readonly SecurityState? _security;

    private CurrentUser(VerifiedToken? token, SecurityState? security, IReadOnlyList<string> roles)
    {
        _token = token;
        _security = security;
        Roles = roles;
    }

    /// <summary>False: the request carries no token, or one that does not count.</summary>
    public bool IsAuthenticated => _token is not null;

    /// <summary>The account, <c>usr_…</c>.</summary>
    /// <exception cref="InvalidOperationException">Nobody is known; the route does not ask for a token.</exception>
    public string Id => Token.Subject;

    /// <exception cref="InvalidOperationException">Nobody is known; the route does not ask for a token.</exception>
    public string Name => Token.Name;

    /// <summary>The session that the token belongs to, <c>ses_…</c>.</summary>
    /// <exception cref="InvalidOperationException">Nobody is known; the route does not ask for a token.</exception>
    public string SessionId => Token.SessionId;

    /// <summary>The account's security version when the token was made.</summary>
    /// <exception cref="InvalidOperationException">Nobody is known; the route does not ask for a token.</exception>
    public long Version => Token.Version;

    /// <summary>When the token ends.</summary>
    /// <exception cref="InvalidOperationException">Nobody is known; the route does not ask for a token.</exception>
    public DateTimeOffset ExpiresAt => Token.ExpiresAt;

    /// <summary>The account's roles as they are now, which may be others than the token says.</summary>
    public IReadOnlyList<string> Roles { get; }

    internal static CurrentUser Nobody { get; } = new(null, null, []);

    private VerifiedToken Token => _token ?? throw new InvalidOperationException("Nobody is known here: the route has to ask for a token.");

    /// <summary>Whether one of the roles grants the permission.</summary>
    public bool Has(string permission)
    {
        if (_security is not null)
        {
            foreach (var role in Roles)
            {
                if (_security.Grants(role, permission))
                {
                    return true;
                }
            }
        }

        return false;
    }

    internal static CurrentUser Of(VerifiedToken token, SecurityState security, IReadOnlyList<string> roles) => new(token, security, roles);

    /// <summary>For what the framework asks of a user: that there is one, its name and its roles.</summary>
    internal ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [new Claim("sub", Id), new Claim("name", Name), new Claim("sid", SessionId), .. Roles.Select(role => new Claim("roles", role))],
        IdentityOptions.Scheme, "name", "roles"));
}
