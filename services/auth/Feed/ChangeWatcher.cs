using DaprMesh.Auth.Keys;
using DaprMesh.Auth.Storage;

namespace DaprMesh.Auth.Feed;

/// <summary>
/// Notices changes that services have to hear of: those of this process at the commit, those of another replica at the next look.
/// One look for everybody who waits.
/// </summary>
internal sealed class ChangeWatcher(AuthDatabase database, KeyRing keys, ILogger<ChangeWatcher> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _cursor = -1;

    /// <summary>Completes when the feed has gone beyond a cursor.</summary>
    public Task BeyondAsync(long cursor)
    {
        var next = Volatile.Read(ref _next).Task;

        // It may have gone on between the caller's look and the line above.
        return Volatile.Read(ref _cursor) is var seen && seen >= 0 && seen != cursor ? Task.CompletedTask : next;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var commit = database.NextCommit;
            try
            {
                var cursor = database.Read(session => session.FeedCursor());
                if (cursor != _cursor)
                {
                    keys.Load();
                    Volatile.Write(ref _cursor, cursor);
                    Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
                }
            }
#pragma warning disable CA1031 // The loop's edge: the next look may see what this one could not.
            catch (Exception e)
#pragma warning restore CA1031
            {
                log.ChangesUnseen(e);
            }

            // Real time: it is about another process.
            await Task.WhenAny(commit, Task.Delay(Look, TimeProvider.System, stoppingToken));
        }
    }
}
