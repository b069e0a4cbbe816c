using System.Text.Json.Serialization;
using DaprMesh.Auth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Accounts;

/// <summary>Gives an account other roles, or blocks it. Every service hears of it at once.</summary>
internal static class ChangeRights
{
    public sealed record RolesRequest(IReadOnlyList<string>? Roles);

    public sealed record BlockRequest([property: JsonRequired] bool IsBlocked);

    public static async Task<Results<Ok<AccountView>, ProblemHttpResult>> SetRoles(
        string id, RolesRequest request, HttpContext http, AuthDatabase database, IOptions<AuthOptions> options, TimeProvider clock) =>
        request.Roles is not { } wanted ? Refusals.ToAnswer(Refusals.NoList)
            : AccountRules.Known(wanted) is { } roles
            ? await ChangeAsync(id, account => (roles, account.IsBlocked), http, database, options.Value, clock)
            : Refusals.ToAnswer(Refusals.UnknownRole);

    public static Task<Results<Ok<AccountView>, ProblemHttpResult>> SetBlock(
        string id, BlockRequest request, HttpContext http, AuthDatabase database, IOptions<AuthOptions> options, TimeProvider clock) =>
        ChangeAsync(id, account => (account.Roles, request.IsBlocked), http, database, options.Value, clock);

    private static async Task<Results<Ok<AccountView>, ProblemHttpResult>> ChangeAsync(
        string id, Func<Account, (IReadOnlyList<string> Roles, bool IsBlocked)> change, HttpContext http, AuthDatabase database, AuthOptions options,
        TimeProvider clock)
    {
        var origin = Origin.Of(http);
        var now = clock.GetUtcNow();
        var outcome = await database.WriteAsync(session =>
        {
            if (session.FindAccount(id) is not { } account)
            {
                return Refusals.NoAccount;
            }

            var (roles, isBlocked) = change(account);
            return session.ChangeRights(account, roles, isBlocked, origin, now, options);
        });
        return outcome.ToOk(http, AccountView.Of);
    }
}
