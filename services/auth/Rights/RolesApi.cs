using DaprMesh.Auth.Audit;
using DaprMesh.Auth.Feed;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Auth.Rights;

/// <summary>The table of roles and what they may do.</summary>
internal static class RolesApi
{
    public sealed record RoleView(string Role, IReadOnlyList<string> Permissions);

    public sealed record Request(IReadOnlyList<string>? Permissions);

    public static Ok<IReadOnlyList<RoleView>> List(AuthDatabase database)
    {
        IReadOnlyList<RoleView> views = [.. database.Read(session => session.RolePermissions()).Select(role => new RoleView(role.Key, role.Value))];
        return TypedResults.Ok(views);
    }

    /// <summary>Replaces what a role may do. Every service hears of it at once.</summary>
    public static async Task<Results<Ok<RoleView>, ProblemHttpResult>> Replace(
        string role, Request request, HttpContext http, AuthDatabase database, TimeProvider clock)
    {
        if (request.Permissions is not { } wanted)
        {
            return Refusals.ToAnswer(Refusals.NoList);
        }

        var refusal = !Roles.All.Contains(role) ? Refusals.NoRole
            : role == Roles.Admin ? Refusals.AdminIsAll
            : wanted.Any(permission => !Permissions.All.Contains(permission)) ? Refusals.UnknownPermission
            : null;
        if (refusal is not null)
        {
            return Refusals.ToAnswer(refusal);
        }

        var origin = Origin.Of(http);
        var now = clock.GetUtcNow();
        var view = await database.WriteAsync(session =>
        {
            var known = session.RolePermissions()[role]; // every role is in the table
            if (!known.ToHashSet().SetEquals(wanted))
            {
                session.ReplacePermissions(role, wanted);
                session.TellChange();
                session.Append(AuditKinds.PermissionsChanged, origin, now, detail: $"{role}: {string.Join(' ', wanted)}");
            }

            return new RoleView(role, session.RolePermissions()[role]);
        });
        return TypedResults.Ok(view);
    }
}
