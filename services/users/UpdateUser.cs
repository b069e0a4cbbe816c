using DaprMesh.ServiceDefaults.Identity;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Users;

internal static class UpdateUser
{
    public static async Task<Results<Ok<User>, ProblemHttpResult>> Handle(
        string id, ProfileInput input, IfMatch ifMatch, CurrentUser caller, HttpResponse response, Profiles profiles, CancellationToken ct)
    {
        // Whoever sets another's e-mail address sets what that person logs in with.
        if (caller.Id != id && await profiles.EnsureAsync(id, ct) is { State.Roles: var roles } && !Rank.MayServe(caller, roles))
        {
            return Refusals.HigherRole.ToProblem();
        }

        return await profiles.ChangeAsync(id, input, ifMatch.Needed(), response, ct);
    }
}
