namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Looks at access tokens that are not the caller's own.</summary>
public sealed class TokenInspector
{
    private readonly Authenticator _authenticator;

    internal TokenInspector(Authenticator authenticator) => _authenticator = authenticator;

    /// <summary>Whose token it is now, or why it is nobody's.</summary>
    public async ValueTask<(CurrentUser User, IdentityFailure? Failure)> InspectAsync(string token, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(token);
        var identified = await _authenticator.IdentifyAsync(token, ct);
        return (identified.User, identified.Failure);
    }
}
