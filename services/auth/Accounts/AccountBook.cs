using DaprMesh.Auth.Audit;
using DaprMesh.Auth.Events;
using DaprMesh.Auth.Feed;
using DaprMesh.Auth.Logins;
using DaprMesh.Auth.Sessions;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;

namespace DaprMesh.Auth.Accounts;

/// <summary>Makes, changes and removes accounts, each with its row in the audit, its event and what services have to hear at once.</summary>
internal static class AccountBook
{
    public static Outcome<Account> Register(this DbSession session, Account account, Origin origin, DateTimeOffset now)
    {
        if (session.IsTaken(account))
        {
            return Refusals.NameTaken;
        }

        session.Insert(account);
        session.Append(AuditKinds.AccountRegistered, origin, now, account.Id);
        session.Publish(
            new AccountRegistered(account.Id, account.Username, account.Email, account.FullName, account.Roles), account.Id, now, origin.TraceParent);
        return account;
    }

    /// <summary>Makes an account be as it is told, or leaves it when it is.</summary>
    public static Outcome<Account> Save(this DbSession session, Account wanted, bool keepRoles, Origin origin, DateTimeOffset now, AuthOptions options)
    {
        if (session.FindAccount(wanted.Id) is not { } known)
        {
            return session.Register(wanted, origin, now);
        }

        var hasOtherRoles = !keepRoles && !known.Roles.ToHashSet().SetEquals(wanted.Roles);
        var saved = known with
        {
            Username = wanted.Username,
            Email = wanted.Email,
            FullName = wanted.FullName,
            PasswordHash = wanted.PasswordHash ?? known.PasswordHash,
        };
        if (saved == known && !hasOtherRoles)
        {
            return known;
        }

        if (session.IsTaken(saved))
        {
            return Refusals.NameTaken;
        }

        saved = saved with { ChangedAt = now };
        if (hasOtherRoles)
        {
            var changed = session.ChangeRights(saved, wanted.Roles, saved.IsBlocked, origin, now, options); // it looks before it writes anything
            if (changed.Value is null)
            {
                return changed;
            }

            saved = changed.Value;
        }
        else
        {
            session.Update(saved);
        }

        session.Append(AuditKinds.AccountSaved, origin, now, saved.Id);
        return wanted.PasswordHash is null ? saved : session.ChangePassword(saved, wanted.PasswordHash, null, origin, now, options);
    }

    /// <summary>Gives an account other roles, or blocks it: tokens from before count as the account now is.</summary>
    public static Outcome<Account> ChangeRights(
        this DbSession session, Account account, IReadOnlyList<string> roles, bool isBlocked, Origin origin, DateTimeOffset now, AuthOptions options)
    {
        var hasOtherRoles = !account.Roles.ToHashSet().SetEquals(roles);
        if (!hasOtherRoles && account.IsBlocked == isBlocked)
        {
            return account;
        }

        var isNoAdminAnyMore = account is { IsBlocked: false } && account.Roles.Contains(Roles.Admin) && (isBlocked || !roles.Contains(Roles.Admin));
        if (isNoAdminAnyMore && !session.HasAccountWithRole(Roles.Admin, except: account.Id))
        {
            return Refusals.LastAdmin;
        }

        var changed = account.With(roles, isBlocked, now);
        session.Update(changed);
        session.TellChanged(changed, now + options.Overlap);
        if (hasOtherRoles)
        {
            session.Append(AuditKinds.RolesChanged, origin, now, account.Id, detail: string.Join(' ', changed.Roles));
            session.Publish(new AccountRolesChanged(account.Id, changed.Roles), account.Id, now, origin.TraceParent);
        }

        if (account.IsBlocked != isBlocked)
        {
            session.Append(isBlocked ? AuditKinds.AccountBlocked : AuditKinds.AccountUnblocked, origin, now, account.Id);
            session.EndAll(account.Id, null, "account-blocked", origin, now, options);
        }

        return changed;
    }

    /// <summary>Sets another password; whoever is logged in elsewhere is not any more.</summary>
    public static Account ChangePassword(
        this DbSession session, Account account, string hash, string? keptSession, Origin origin, DateTimeOffset now, AuthOptions options)
    {
        var changed = account with { PasswordHash = hash, ChangedAt = now };
        session.Update(changed);
        session.ForgetFailures(account.Id);
        session.Append(AuditKinds.PasswordChanged, origin, now, account.Id, keptSession);
        session.EndAll(account.Id, keptSession, "password-changed", origin, now, options);
        return changed;
    }

    public static Outcome<Account> Remove(this DbSession session, string id, Origin origin, DateTimeOffset now, AuthOptions options)
    {
        if (session.FindAccount(id) is not { } account)
        {
            return Refusals.NoAccount;
        }

        if (account.Roles.Contains(Roles.Admin) && !account.IsBlocked && !session.HasAccountWithRole(Roles.Admin, except: id))
        {
            return Refusals.LastAdmin;
        }

        session.EndAll(id, null, "account-deleted", origin, now, options);
        session.TellChanged(account.With([], isBlocked: true, now), now + options.Overlap);
        session.DeleteAccount(id);
        session.ForgetFailures(id);
        session.Append(AuditKinds.AccountDeleted, origin, now, id);
        session.Publish(new AccountDeleted(id), id, now, origin.TraceParent);
        return account;
    }
}
