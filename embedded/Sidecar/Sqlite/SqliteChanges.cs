namespace DaprMesh.Sidecar.Sqlite;

/// <summary>Counts the commits of this process to a file and wakes who waits for the next one. Costs nothing while nobody waits.</summary>
internal sealed class SqliteChanges
{
    private TaskCompletionSource? _next;
    private long _commits;

    public long Commits => Volatile.Read(ref _commits);

    public void Announce()
    {
        Interlocked.Increment(ref _commits);
        Interlocked.Exchange(ref _next, null)?.SetResult();
    }

    /// <summary>Completes when there was a commit after the <paramref name="seen"/>th.</summary>
    public Task AfterAsync(long seen)
    {
        var next = Volatile.Read(ref _next);
        if (next is null)
        {
            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            next = Interlocked.CompareExchange(ref _next, created, null) ?? created;
        }

        // The commit may have come between the caller's look and the line above.
        return Commits > seen ? Task.CompletedTask : next.Task;
    }
}
