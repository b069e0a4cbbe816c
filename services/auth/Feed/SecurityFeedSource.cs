using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults.Identity;

namespace DaprMesh.Auth.Feed;

/// <summary>The feed from its source, for this service itself and for those that ask it.</summary>
internal sealed class SecurityFeedSource(AuthDatabase database, ChangeWatcher watcher, TimeProvider clock) : ISecurityFeedSource
{
    public async Task<SecurityFeed?> AfterAsync(long cursor, TimeSpan wait, CancellationToken ct)
    {
        if (wait > TimeSpan.Zero && database.Read(session => session.FeedCursor()) == cursor)
        {
            // Real time: a caller waits.
            await watcher.BeyondAsync(cursor).WaitAsync(wait, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }

        var feed = database.Read(session => session.FeedAfter(cursor, clock.GetUtcNow()));
        return feed.Cursor == cursor ? null : feed;
    }
}
