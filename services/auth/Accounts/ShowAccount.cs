using DaprMesh.Auth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Auth.Accounts;

internal static class ShowAccount
{
    public static Results<Ok<AccountView>, ProblemHttpResult> Handle(string id, AuthDatabase database) =>
        database.Read(session => session.FindAccount(id)) is { } account
            ? TypedResults.Ok(AccountView.Of(account))
            : Refusals.ToAnswer(Refusals.NoAccount);
}
