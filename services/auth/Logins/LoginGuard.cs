using System.Security.Cryptography;
using System.Text;
using DaprMesh.Auth.Storage;

namespace DaprMesh.Auth.Logins;

/// <summary>
/// Counts failures for each account and for each address, and says who has to wait. It lives in the database, so that replicas count together,
/// and treats names that are nobody's as it treats accounts.
/// </summary>
internal static class LoginGuard
{
    /// <summary>Under what the failures of a name are counted that is nobody's; what was typed there is not kept, it may be a password.</summary>
    public static string SubjectOf(string? name) =>
        "name:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name ?? ""))[..16]);

    /// <summary>Until when the address has to wait; null: it may go on.</summary>
    public static DateTimeOffset? BlockedUntil(this DbSession session, string address, DateTimeOffset now) =>
        session.Number("SELECT until FROM address_blocks WHERE address = @address AND until > @now", ("address", address), ("now", Ms(now))) is { } until
            ? DateTimeOffset.FromUnixTimeMilliseconds(until)
            : null;

    public static bool IsLocked(this DbSession session, string subject, DateTimeOffset now) => session.Number(
        "SELECT count(*) FROM account_failures WHERE subject = @subject AND locked_until > @now", ("subject", subject), ("now", Ms(now))) > 0;

    /// <summary>Counts one failure, and says what it brought about.</summary>
    public static FailureOutcome CountFailure(this DbSession session, string subject, string address, DateTimeOffset now, AuthOptions options)
    {
        var failures = session.Number(
            """
            INSERT INTO account_failures (subject, failures, locked_until, last_at) VALUES (@subject, 1, 0, @now)
            ON CONFLICT (subject) DO UPDATE SET failures = account_failures.failures + 1, last_at = @now
            RETURNING failures
            """,
            ("subject", subject), ("now", Ms(now))) ?? 1;
        var isLocked = failures >= options.AccountFailures;
        if (isLocked)
        {
            session.Execute(
                "UPDATE account_failures SET locked_until = @until WHERE subject = @subject",
                ("until", Ms(now + LockAfter((int)failures, options))), ("subject", subject));
        }

        return new FailureOutcome(isLocked, session.CountForAddress(subject, address, now, options));
    }

    /// <summary>The account's owner is here: what failed before is forgotten.</summary>
    public static void ForgetFailures(this DbSession session, string subject) =>
        session.Execute("DELETE FROM account_failures WHERE subject = @subject", ("subject", subject));

    /// <summary>Removes what no longer counts.</summary>
    public static int ForgetOldFailures(this DbSession session, DateTimeOffset now, AuthOptions options) =>
        session.Execute("DELETE FROM account_failures WHERE last_at < @day", ("day", Ms(now.AddDays(-1))))
        + session.Execute("DELETE FROM address_failures WHERE last_at < @window", ("window", Ms(now.AddSeconds(-options.AddressWindowSeconds))))
        + session.Execute("DELETE FROM address_blocks WHERE until <= @now", ("now", Ms(now)))
        + session.Execute("DELETE FROM registrations WHERE window_ends <= @now", ("now", Ms(now)));

    /// <summary>Counts an account made from an address; false: there were enough in this hour.</summary>
    public static bool TakeRegistration(this DbSession session, string address, DateTimeOffset now, AuthOptions options) => session.Number(
        """
        INSERT INTO registrations (address, count, window_ends) VALUES (@address, 1, @ends)
        ON CONFLICT (address) DO UPDATE SET
            count = CASE WHEN registrations.window_ends <= @now THEN 1 ELSE registrations.count + 1 END,
            window_ends = CASE WHEN registrations.window_ends <= @now THEN @ends ELSE registrations.window_ends END
        RETURNING count
        """,
        ("address", address), ("now", Ms(now)), ("ends", Ms(now.AddHours(1)))) <= options.RegistrationsPerHour;

    /// <summary>The first lock at the limit, twice as long with each further failure.</summary>
    internal static TimeSpan LockAfter(int failures, AuthOptions options) => TimeSpan.FromSeconds(
        Math.Min(options.LockSeconds * Math.Pow(2, Math.Min(failures - options.AccountFailures, 30)), options.LockMaxSeconds));

    /// <summary>Counts one failure of an address, and says whether that was one too many.</summary>
    public static AddressBlock? CountForAddress(this DbSession session, string subject, string address, DateTimeOffset now, AuthOptions options)
    {
        var window = Ms(now.AddSeconds(-options.AddressWindowSeconds));
        session.Execute(
            """
            INSERT INTO address_failures (address, subject, failures, last_at) VALUES (@address, @subject, 1, @now)
            ON CONFLICT (address, subject) DO UPDATE SET
                failures = CASE WHEN address_failures.last_at < @window THEN 1 ELSE address_failures.failures + 1 END, last_at = @now
            """,
            ("address", address), ("subject", subject), ("now", Ms(now)), ("window", window));
        var counts = session.First(
            "SELECT count(*), COALESCE(sum(failures), 0) FROM address_failures WHERE address = @address AND last_at >= @window",
            row => new { Names = row.GetInt64(0), Failures = Convert.ToInt64(row.GetValue(1), null) },
            ("address", address), ("window", window))!; // a count always has a row
        AddressBlock? block = counts.Names >= options.AddressNames ? AddressBlock.ManyNames
            : counts.Failures >= options.AddressFailures ? AddressBlock.ManyFailures : null;
        if (block is not null)
        {
            session.Execute(
                "INSERT INTO address_blocks (address, until) VALUES (@address, @until) ON CONFLICT (address) DO UPDATE SET until = @until",
                ("address", address), ("until", Ms(now.AddSeconds(options.AddressBlockSeconds))));
            session.Execute("DELETE FROM address_failures WHERE address = @address", ("address", address));
        }

        return block;
    }

    private static long Ms(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}

/// <summary>What a failure brought about.</summary>
/// <param name="Address">Null: the address may go on.</param>
internal sealed record FailureOutcome(bool IsAccountLocked, AddressBlock? Address);

/// <summary>Why an address has to wait.</summary>
internal enum AddressBlock
{
    ManyFailures,

    /// <summary>Few tries on each of many names.</summary>
    ManyNames,
}
