using System.Runtime.ExceptionServices;

namespace DaprMesh.Auth.Storage;

/// <summary>A decision that waits for its turn in a transaction.</summary>
internal abstract class DatabaseWork
{
    /// <summary>Does it; an exception is kept for the caller and means that what was done is to be undone.</summary>
    public abstract bool Run(DbSession session);

    /// <summary>Answers the caller after the commit.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that there was no commit.</summary>
    public abstract void Fail(Exception error);
}

/// <inheritdoc cref="DatabaseWork"/>
internal sealed class DatabaseWork<T>(Func<DbSession, T> work) : DatabaseWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private ExceptionDispatchInfo? _error;

    public Task<T> Task => _done.Task;

    public override bool Run(DbSession session)
    {
        try
        {
            _result = work(session);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is belongs to the caller, who gets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _error = ExceptionDispatchInfo.Capture(e);
            return false;
        }
    }

    public override void Complete()
    {
        if (_error is not null)
        {
            _done.SetException(_error.SourceException);
        }
        else
        {
            _done.SetResult(_result!); // set by the run that was committed
        }
    }

    public override void Fail(Exception error) => _done.TrySetException(error);
}
