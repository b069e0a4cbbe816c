using DaprMesh.Contracts;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Users;

/// <summary>
/// Deletes a person: the account and its sessions first, so that nobody is logged in without a profile, then the codes, then the profile.
/// A crash in between leaves the profile, and the same call finishes the work.
/// </summary>
internal static class DeleteUser
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string id, Profiles profiles, StateStore<User> users, StateStore<AccessCode> codes, Accounts accounts, TimeProvider clock, CancellationToken ct)
    {
        if (await profiles.EnsureAsync(id, ct) is null)
        {
            return Refusals.UnknownUser(id).ToProblem();
        }

        await accounts.DeleteAsync(id, ct);
        var now = clock.GetUtcNow();
        await foreach (var code in codes.ListAllAsync("by-user", id, ct))
        {
            await codes.UpdateAsync(code.Id, found => found.Revoke(now), ct);
        }

        return (await users.DeleteAsync(id, user => Decision.Change(user, new UserDeleted(id)), ct)).ToNoContent();
    }
}
