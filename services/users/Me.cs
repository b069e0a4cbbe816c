using DaprMesh.ServiceDefaults.Identity;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Users;

/// <summary>The caller's own profile.</summary>
internal static class Me
{
    public static async Task<Results<Ok<User>, ProblemHttpResult>> Get(
        CurrentUser caller, HttpResponse response, Profiles profiles, CancellationToken ct) =>
        await profiles.FindAsync(caller.Id, response, ct);

    public static async Task<Results<Ok<User>, ProblemHttpResult>> Put(
        ProfileInput input, CurrentUser caller, IfMatch ifMatch, HttpResponse response, Profiles profiles, CancellationToken ct) =>
        await profiles.ChangeAsync(caller.Id, input, ifMatch, response, ct);
}
