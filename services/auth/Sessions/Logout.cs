using DaprMesh.Auth.Storage;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Sessions;

/// <summary>Ends the caller's session, or all of them: <c>?all=true</c>.</summary>
internal static class Logout
{
    public static async Task<NoContent> Handle(
        HttpContext http, CurrentUser user, AuthDatabase database, IOptions<AuthOptions> options, TimeProvider clock, bool all = false)
    {
        var origin = Origin.Of(http);
        var now = clock.GetUtcNow();
        await database.WriteAsync(session =>
        {
            if (all)
            {
                session.EndAll(user.Id, null, "logout-everywhere", origin, now, options.Value);
            }
            else if (session.FindSession(user.SessionId) is { } own)
            {
                session.End(own, "logout", origin, now, options.Value);
            }
        });
        return TypedResults.NoContent();
    }
}
