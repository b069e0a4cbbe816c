namespace DaprMesh.Sidecar.Sqlite;

/// <summary>What one caller wants done inside a group's transaction. May run a second time when the group's first attempt is undone.</summary>
internal interface ISqliteWork
{
    void Run(SqliteSession session);

    /// <summary>The transaction holding this work is on disk: answer the caller.</summary>
    void Complete();

    void Fail(Exception error);
}

/// <summary>A caller's work, its result and the task that waits for the commit, in one object.</summary>
internal sealed class SqliteWork<TState, T>(TState state, Func<SqliteSession, TState, T> work, bool singleStatement)
    : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), ISqliteWork
{
    private T? _result;
    private Exception? _error;

    public void Run(SqliteSession session)
    {
        _error = null;
        if (!singleStatement)
        {
            session.Execute("SAVEPOINT work");
        }

        try
        {
            _result = work(session, state);
        }
#pragma warning disable CA1031 // Whatever the work throws belongs to its caller; the others in the group go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (SqliteLibrary.IsAutocommit(session.Connection))
            {
                throw; // SQLite has undone the whole transaction, the others' work too
            }

            _error = e;
        }

        if (!singleStatement)
        {
            if (_error is not null)
            {
                session.Execute("ROLLBACK TO work");
            }

            session.Execute("RELEASE work");
        }
    }

    public void Complete()
    {
        if (_error is null)
        {
            TrySetResult(_result!);
        }
        else
        {
            TrySetException(_error);
        }
    }

    public void Fail(Exception error) => TrySetException(error);
}
