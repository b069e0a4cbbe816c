using DaprMesh.Auth.Storage;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Sessions;

/// <summary>Continues a session by its refresh token.</summary>
internal sealed class RefreshSession(AuthDatabase database, IOptions<AuthOptions> options, AuthMetrics metrics, TimeProvider clock)
{
    public async Task<Outcome<Granted>> TryAsync(string token, Origin origin)
    {
        if (RefreshToken.HashOf(token) is not { } hash)
        {
            metrics.Refreshed(isGranted: false, isReuse: false);
            return Refusals.RefreshRefused;
        }

        var now = clock.GetUtcNow();
        var (outcome, isReuse) = await database.WriteAsync(session => session.Continue(hash, token, origin, now, options.Value));
        metrics.Refreshed(outcome.Value is not null, isReuse);
        return outcome;
    }
}
