using System.Security.Claims;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>What a request's token came to: a user, or why it is nobody's. Shared by all requests with the same token.</summary>
internal sealed class Identified
{
    private Identified(CurrentUser user, IdentityFailure? failure)
    {
        User = user;
        Failure = failure;
        Principal = failure is null ? user.ToPrincipal() : null;
    }

    public static Identified WithoutToken { get; } = new(CurrentUser.Nobody, IdentityFailure.Missing);

    public CurrentUser User { get; }

    public IdentityFailure? Failure { get; }

    public ClaimsPrincipal? Principal { get; }

    public static Identified As(CurrentUser user) => new(user, null);

    public static Identified As(IdentityFailure failure) => new(CurrentUser.Nobody, failure);
}
