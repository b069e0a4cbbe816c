using DaprMesh.Auth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Accounts;

/// <summary>For the service users: removes the account of a person who is gone. The same again changes nothing.</summary>
internal static class DeleteAccount
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string id, HttpContext http, AuthDatabase database, IOptions<AuthOptions> options, TimeProvider clock)
    {
        var origin = Origin.Of(http);
        var now = clock.GetUtcNow();
        var outcome = await database.WriteAsync(session => session.Remove(id, origin, now, options.Value));
        return ReferenceEquals(outcome.Refusal, Refusals.NoAccount) ? TypedResults.NoContent() : outcome.ToNoContent(http);
    }
}
