using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Users;

internal static class RevokeCode
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string id, string codeId, StateStore<AccessCode> codes, TimeProvider clock, CancellationToken ct) =>
        (await codes.UpdateAsync(codeId, code => code.UserId == id ? code.Revoke(clock.GetUtcNow()) : Refusals.UnknownCode, ct)).ToNoContent();
}
