using DaprMesh.Auth.Accounts;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Rights;

/// <summary>Says whether somebody may do something: the caller, or any user for apps of the mesh, services and administrators.</summary>
internal static class CheckPermission
{
    /// <param name="UserId">Null: the caller.</param>
    public sealed record Request(string? Permission, string? UserId = null);

    public sealed record Answer(bool Allowed, string Permission, string UserId, IReadOnlyList<string> Roles);

    public static async Task<Results<Ok<Answer>, ValidationProblem, ProblemHttpResult, EmptyHttpResult>> Handle(
        Request request, HttpContext http, CurrentUser caller, AuthDatabase database, IOptions<AuthOptions> options)
    {
        if (request.Permission is not { Length: > 0 and <= 100 } permission)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["permission"] = ["The name of a permission is needed."] });
        }

        var isApp = http.CallingApp() is { } app && app != AppIds.Gateway && options.Value.ValidateCallers.Contains(app);
        if (http.IdentityFailure() is { } failure && !(isApp && request.UserId is not null))
        {
            await http.WriteIdentityFailureAsync(failure);
            return TypedResults.Empty;
        }

        if (caller.IsAuthenticated && (request.UserId is null || request.UserId == caller.Id))
        {
            return TypedResults.Ok(new Answer(caller.Has(permission), permission, caller.Id, caller.Roles));
        }

        if (!isApp && !caller.Roles.Contains(Roles.Service) && !caller.Roles.Contains(Roles.Admin))
        {
            return Refusals.ToAnswer(Refusals.NotAllowed);
        }

        var userId = request.UserId ?? caller.Id;
        return TypedResults.Ok(database.Read(session =>
        {
            var roles = session.FindAccount(userId) is { IsBlocked: false } account ? account.Roles : [];
            var table = session.RolePermissions();
            return new Answer(roles.Any(role => table.TryGetValue(role, out var permissions) && permissions.Contains(permission)), permission, userId, roles);
        }));
    }
}
