using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Users;

internal static class GetUser
{
    public static Task<Results<Ok<User>, ProblemHttpResult>> Handle(string id, HttpResponse response, Profiles profiles, CancellationToken ct) =>
        profiles.FindAsync(id, response, ct);
}
