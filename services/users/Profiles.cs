using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Users;

/// <summary>Reads and changes profiles the same way for a person's own and for staff.</summary>
internal sealed class Profiles(StateStore<User> users, Accounts accounts, TimeProvider clock)
{
    public async Task<Results<Ok<User>, ProblemHttpResult>> FindAsync(string id, HttpResponse response, CancellationToken ct) =>
        await EnsureAsync(id, ct) is { } found ? new Decision<User>.Unchanged(found.State) { ETag = found.ETag }.WithETag(response).ToOk() : Refusals.UnknownUser(id).ToProblem();

    /// <summary>Changes a profile. A new name or e-mail is told to auth first, which refuses an e-mail that is taken.</summary>
    public async Task<Results<Ok<User>, ProblemHttpResult>> ChangeAsync(string id, ProfileInput input, IfMatch ifMatch, HttpResponse response, CancellationToken ct)
    {
        if (await EnsureAsync(id, ct) is null)
        {
            return Refusals.UnknownUser(id).ToProblem();
        }

        // A change that would be refused must not have reached auth: keeping all as it is tells, at no cost, whether the caller has the latest version.
        var before = await users.UpdateAsync(id, Decision.Keep, ifMatch, ct);
        if (before is not Decision<User>.Unchanged { State: var user, ETag: { } etag })
        {
            return before.ToOk();
        }

        if (input.Email != user.Email || input.FullName != user.FullName)
        {
            var account = new AccountInput(user.Username, input.Email, input.FullName, user.Roles, null);
            if (await accounts.PutAsync(id, account, ct) is { } refused)
            {
                return refused.ToProblem();
            }
        }

        var saved = await users.UpdateAsync(id, found => found.Change(input, clock.GetUtcNow()), IfMatch.Of(etag), ct);
        return saved.WithETag(response).ToOk();
    }

    /// <summary>The user; made from the account when the account's event has not come yet.</summary>
    public async Task<Stored<User>?> EnsureAsync(string id, CancellationToken ct)
    {
        if (await users.FindWithETagAsync(id, ct) is { } user)
        {
            return user;
        }

        if (await accounts.FindAsync(id, ct) is not { } account)
        {
            return null;
        }

        var details = new UserDetails(account.Username, account.Email, account.FullName);
        await users.CreateAsync(id, User.Create(id, details, account.Roles, clock.GetUtcNow()), ct);
        return await users.FindWithETagAsync(id, ct);
    }
}
