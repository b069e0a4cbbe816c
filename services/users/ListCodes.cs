using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Users;

internal static class ListCodes
{
    public static async Task<Results<Ok<Page<CodeView>>, ProblemHttpResult>> Handle(
        string id, Profiles profiles, StateStore<AccessCode> codes, [AsParameters] PageRequest page, TimeProvider clock, CancellationToken ct)
    {
        if (await profiles.EnsureAsync(id, ct) is null)
        {
            return Refusals.UnknownUser(id).ToProblem();
        }

        var now = clock.GetUtcNow();
        var found = await codes.ListAsync("by-user", id, page, ct);
        return (found is null ? null : new Page<CodeView>([.. found.Items.Select(code => CodeView.Of(code, now))], found.NextCursor)).ToOk();
    }
}
