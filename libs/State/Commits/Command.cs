using System.Diagnostics;

namespace DaprMesh.State.Commits;

internal enum CommandKind
{
    Create,
    Update,
    Save,
    Delete,
}

/// <summary>One caller's wish, waiting for its turn.</summary>
internal sealed class Command<T>(CommandKind kind, string id, Func<T?, Decision<T>> decide, IfMatch ifMatch, IdempotencyKey? once, CancellationToken ct)
    where T : class
{
    private readonly TaskCompletionSource<Decision<T>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CommandKind Kind => kind;

    public string Id => id;

    public Func<T?, Decision<T>> Decide => decide;

    public IfMatch IfMatch => ifMatch;

    public IdempotencyKey? Once => once;

    /// <summary>The caller has gone before its turn came.</summary>
    public bool IsGivenUp => ct.IsCancellationRequested;

    /// <summary>The trace that the command's events belong to.</summary>
    public string? TraceParent { get; } = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    public Task<Decision<T>> Done => _done.Task;

    public void Complete(Decision<T> decision) => _done.TrySetResult(decision);

    public void Fail(Exception error) => _done.TrySetException(error);

    public void GiveUp() => _done.TrySetCanceled(ct);
}
