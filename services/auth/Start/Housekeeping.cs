using DaprMesh.Auth.Feed;
using DaprMesh.Auth.Keys;
using DaprMesh.Auth.Logins;
using DaprMesh.Auth.Sessions;
using DaprMesh.Auth.Storage;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Start;

/// <summary>Removes what is over, and lets a new signing key follow one that has become old. Replicas may both do it: the second finds it done.</summary>
internal sealed class Housekeeping(
    AuthDatabase database, IOptions<AuthOptions> options, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>How long a session that is over can still be looked into.</summary>
    private static readonly TimeSpan KeepSessions = TimeSpan.FromDays(7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await database.WriteAsync(session => Tidy(session, clock.GetUtcNow()));
                }
#pragma warning disable CA1031 // The loop's edge: the next minute tries again.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    log.NotTidied(e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service is stopping.
        }
    }

    private void Tidy(DbSession session, DateTimeOffset now)
    {
        session.DeleteOldSessions(now - KeepSessions);
        session.ForgetOldFailures(now, options.Value);
        session.ForgetOldNews(now);
        if (session.DropEndedKeys(now) > 0)
        {
            session.TellChange();
        }

        // The key that follows is published well before the other one is too old.
        var lead = TimeSpan.FromMinutes(options.Value.SigningKeyLeadMinutes);
        if (session.SigningKeys() is [.., var newest] && now - newest.SignsFrom >= TimeSpan.FromDays(options.Value.SigningKeyDays) - lead)
        {
            session.AddKey(SigningKey.Create(now, now + lead), Origin.Own, now, options.Value);
        }
    }
}
