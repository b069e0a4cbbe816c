using DaprMesh.Auth.Accounts;
using DaprMesh.Auth.Audit;
using DaprMesh.Auth.Events;
using DaprMesh.Auth.Feed;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;

namespace DaprMesh.Auth.Sessions;

/// <summary>Begins, continues and ends sessions, each with its row in the audit, its event and what services have to hear at once.</summary>
internal static class SessionBook
{
    public static Granted Begin(this DbSession session, Account account, string method, Origin origin, DateTimeOffset now, AuthOptions options)
    {
        var begun = new Session(
            Ids.New("ses", now), account.Id, method, origin.Address, origin.UserAgent, now, now, now + options.RefreshTokenLife, null);
        var token = RefreshToken.Create();
        session.Insert(begun);
        session.InsertToken(RefreshToken.HashOf(token)!, begun.Id, begun.ExpiresAt); // made here, so it has a hash
        session.Append(AuditKinds.LoginSucceeded, origin, now, account.Id, begun.Id, method);
        session.Publish(new SessionStarted(account.Id, begun.Id, method), account.Id, now, origin.TraceParent);
        return new Granted(account, begun.Id, token);
    }

    /// <summary>
    /// Follows a refresh token by the next one. Presented a second time it gives the same successor, but only for a moment and only until that
    /// is used; later the token must have been copied, and the session ends.
    /// </summary>
    public static Continued Continue(this DbSession session, string hash, string token, Origin origin, DateTimeOffset now, AuthOptions options)
    {
        if (session.FindToken(hash) is not { } kept || session.FindSession(kept.SessionId) is not { } continued)
        {
            return new Continued(Refusals.RefreshRefused, false);
        }

        if (!continued.IsLive(now) || kept.ExpiresAt <= now || session.FindAccount(continued.AccountId) is not { IsBlocked: false } account)
        {
            session.Append(AuditKinds.RefreshRefused, origin, now, continued.AccountId, continued.Id);
            return new Continued(Refusals.RefreshRefused, false);
        }

        if (kept.UsedAt is { } usedAt)
        {
            if (kept.Seed is { } seed && now - usedAt <= TimeSpan.FromSeconds(options.RefreshGraceSeconds))
            {
                session.Append(AuditKinds.RefreshRepeated, origin, now, account.Id, continued.Id);
                return new Continued(new Granted(account, continued.Id, RefreshToken.SuccessorOf(token, seed)), false);
            }

            session.Append(AuditKinds.RefreshReused, origin, now, account.Id, continued.Id);
            session.Publish(new RefreshTokenReused(account.Id, continued.Id), account.Id, now, origin.TraceParent);
            session.End(continued, "refresh-token-reused", origin, now, options);
            return new Continued(Refusals.RefreshRefused, true);
        }

        var newSeed = RefreshToken.CreateSeed();
        var next = RefreshToken.SuccessorOf(token, newSeed);
        var nextHash = RefreshToken.HashOf(next)!; // made here, so it has a hash
        var expires = now + options.RefreshTokenLife;
        session.UseToken(hash, nextHash, newSeed, now);
        session.ForgetSeedBefore(hash, continued.Id);
        session.InsertToken(nextHash, continued.Id, expires);
        session.Touch(continued.Id, now, expires);
        session.Append(AuditKinds.Refreshed, origin, now, account.Id, continued.Id);
        return new Continued(new Granted(account, continued.Id, next), false);
    }

    /// <summary>Ends a session; what it was given counts nowhere any more.</summary>
    public static bool End(this DbSession session, Session ended, string why, Origin origin, DateTimeOffset now, AuthOptions options)
    {
        if (!session.EndSession(ended.Id, now, why))
        {
            return false;
        }

        session.TellRevoked(ended.Id, now + options.Overlap);
        session.Append(AuditKinds.SessionEnded, origin, now, ended.AccountId, ended.Id, why);
        session.Publish(new SessionRevoked(ended.AccountId, ended.Id, why), ended.AccountId, now, origin.TraceParent);
        return true;
    }

    /// <summary>Ends all sessions of an account but one.</summary>
    public static int EndAll(
        this DbSession session, string accountId, string? except, string why, Origin origin, DateTimeOffset now, AuthOptions options) => session
        .LiveSessions(accountId, now)
        .Where(live => live.Id != except)
        .Count(live => session.End(live, why, origin, now, options));
}

/// <summary>What a login or a refresh gives: the access token is made of it after the commit.</summary>
internal sealed record Granted(Account Account, string SessionId, string RefreshToken);

/// <summary>What came of a refresh.</summary>
/// <param name="IsReuse">The token had been used before: someone has a copy.</param>
internal sealed record Continued(Outcome<Granted> Outcome, bool IsReuse);
