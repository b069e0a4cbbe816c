using DaprMesh.Contracts;
using DaprMesh.State;

namespace DaprMesh.Users;

/// <summary>What auth tells of accounts. It is asked how an account stands now, so that an event that comes late or twice does no harm.</summary>
internal static class AccountEvents
{
    public static async Task<Ack> OnRegistered(AccountRegistered account, Profiles profiles, CancellationToken ct)
    {
        await profiles.EnsureAsync(account.UserId, ct);
        return Ack.Success;
    }

    public static async Task<Ack> OnRolesChanged(
        AccountRolesChanged changed, Profiles profiles, Accounts accounts, StateStore<User> users, TimeProvider clock, CancellationToken ct)
    {
        if (await profiles.EnsureAsync(changed.UserId, ct) is not null && await accounts.FindAsync(changed.UserId, ct) is { } account)
        {
            await users.UpdateAsync(changed.UserId, user => user.HasRoles(account.Roles, clock.GetUtcNow()), ct);
        }

        return Ack.Success;
    }
}
