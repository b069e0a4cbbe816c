using DaprMesh.ServiceDefaults.Identity;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Users;

internal static class UpdateUser
{
    public static Task<Results<Ok<User>, ProblemHttpResult>> Handle(
        string id, ProfileInput input, IfMatch ifMatch, CurrentUser caller, HttpResponse response, Profiles profiles, CancellationToken ct) =>
        profiles.ChangeAsync(id, input, ifMatch.Needed(), response, ct);
}
