using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Auth.Sessions;

/// <summary>The caller's own sessions; another user's for who may read them: <c>?userId=</c>.</summary>
internal static class ListSessions
{
    /// <param name="IsCurrent">It is the session that asks.</param>
    public sealed record SessionView(
        string SessionId, string Method, string Address, string UserAgent, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt,
        bool IsCurrent);

    public static Results<Ok<IReadOnlyList<SessionView>>, ProblemHttpResult> Handle(CurrentUser user, AuthDatabase database, TimeProvider clock, string? userId = null)
    {
        var owner = userId ?? user.Id;
        if (owner != user.Id && !user.Has(Permissions.SessionsRead))
        {
            return Refusals.ToAnswer(Refusals.NotAllowed);
        }

        var now = clock.GetUtcNow();
        IReadOnlyList<SessionView> views = [.. database.Read(session => session.LiveSessions(owner, now)).Select(live => new SessionView(
            live.Id, live.Method, live.Address, live.UserAgent, live.CreatedAt, live.UsedAt, live.ExpiresAt, live.Id == user.SessionId))];
        return TypedResults.Ok(views);
    }
}
