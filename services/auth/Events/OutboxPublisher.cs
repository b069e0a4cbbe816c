using System.Text;
using Dapr.Client;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;

namespace DaprMesh.Auth.Events;

/// <summary>
/// Publishes what is in the outbox: each event at least once, those of one subject in their order. Of several replicas one does it, as long
/// as it renews its lease.
/// </summary>
internal sealed class OutboxPublisher(AuthDatabase database, DaprClient dapr, TimeProvider clock, ILogger<OutboxPublisher> log) : BackgroundService
{
    private const int Batch = 200;
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly string _name = Guid.NewGuid().ToString("N");
    private long _leased;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var pause = Look;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var commit = database.NextCommit;
                if (await PublishAsync(stoppingToken))
                {
                    pause = Look;
                    continue;
                }

                await Task.WhenAny(commit, Task.Delay(Look, TimeProvider.System, stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // The loop's edge: whatever keeps events back, they are still there for the next attempt.
            catch (Exception e)
#pragma warning restore CA1031
            {
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                log.EventsWait(e.Message, pause);
                await Task.Delay(pause, TimeProvider.System, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await ReleaseAsync();
    }

    /// <summary>False: there was nothing to do for this replica.</summary>
    private async Task<bool> PublishAsync(CancellationToken ct)
    {
        var waiting = database.Read(session => session.WaitingEvents(Batch));
        if (waiting.Count == 0 || !await HasLeaseAsync())
        {
            return false;
        }

        var published = new List<WaitingEvent>(waiting.Count);
        Task[] subjects = [.. waiting.GroupBy(one => one.Subject).Select(async subject =>
        {
            foreach (var one in subject)
            {
                await dapr.PublishByteEventAsync(
                    Components.PubSub, one.Topic, Encoding.UTF8.GetBytes(one.Envelope), "application/cloudevents+json", cancellationToken: ct);
                lock (published)
                {
                    published.Add(one);
                }
            }
        })];
        try
        {
            await Task.WhenAll(subjects);
        }
        finally
        {
            await Task.WhenAll(subjects).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (published.Count > 0)
            {
                await database.WriteAsync(session => session.RemoveEvents(published));
            }
        }

        return true;
    }

    private async Task<bool> HasLeaseAsync()
    {
        if (_leased != 0 && TimeProvider.System.GetElapsedTime(_leased) < RenewAfter)
        {
            return true;
        }

        var asked = TimeProvider.System.GetTimestamp();
        var now = clock.GetUtcNow();
        var isOurs = await database.WriteAsync(session => session.Execute(
            """
            INSERT INTO leases (name, owner, until) VALUES ('outbox', @owner, @until)
            ON CONFLICT (name) DO UPDATE SET owner = @owner, until = @until WHERE leases.owner = @owner OR leases.until < @now
            """,
            ("owner", _name), ("until", (now + LeaseTime).ToUnixTimeMilliseconds()), ("now", now.ToUnixTimeMilliseconds()))) > 0;
        _leased = isOurs ? asked : 0;
        return isOurs;
    }

    /// <summary>Lets another replica, or this one after a restart, begin at once.</summary>
    private async Task ReleaseAsync()
    {
        try
        {
            await database.WriteAsync(session => session.Execute("DELETE FROM leases WHERE name = 'outbox' AND owner = @owner", ("owner", _name)));
        }
        catch (DatabaseUnavailableException e)
        {
            log.EventsWait(e.Message, LeaseTime); // the lease ends by itself
        }
    }
}
