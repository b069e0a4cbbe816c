using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Sessions;

/// <summary>Ends one session: the caller's own, or anybody's for who may. To others a session of somebody else is not there.</summary>
internal static class RevokeSession
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string id, HttpContext http, CurrentUser user, AuthDatabase database, IOptions<AuthOptions> options, TimeProvider clock)
    {
        var origin = Origin.Of(http);
        var now = clock.GetUtcNow();
        var mayEndAny = user.Has(Permissions.SessionsRevoke);
        var outcome = await database.WriteAsync<Outcome<Session>>(session =>
        {
            if (session.FindSession(id) is not { } found || (found.AccountId != user.Id && !mayEndAny))
            {
                return Refusals.NoSession;
            }

            session.End(found, found.AccountId == user.Id ? "revoked" : "revoked-by-administrator", origin, now, options.Value);
            return found;
        });
        return outcome.ToNoContent(http);
    }
}
