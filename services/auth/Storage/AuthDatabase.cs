using System.Collections.Concurrent;
using System.Data.Common;

namespace DaprMesh.Auth.Storage;

/// <summary>
/// The service's database. Decisions run one after the other on one thread, several to a transaction, and each caller is answered after the
/// commit that holds its work: who has an answer can rely on it. Reads run beside them and see what is committed.
/// </summary>
internal sealed class AuthDatabase : IDisposable
{
    private const int GroupSize = 64;
    private readonly BlockingCollection<DatabaseWork> _waiting = [];
    private readonly ConcurrentBag<DbSession> _readers = [];
    private readonly IDatabaseProvider _provider;
    private readonly Thread _writer;
    private TaskCompletionSource _nextCommit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AuthDatabase(IDatabaseProvider provider)
    {
        _provider = provider;
        _writer = new Thread(Write) { IsBackground = true, Name = "auth database" };
        _writer.Start();
    }

    public string Name => _provider.Name;

    /// <summary>Completes with the next commit of this process.</summary>
    public Task NextCommit => Volatile.Read(ref _nextCommit).Task;

    /// <summary>
    /// Runs a decision inside a transaction that no other writer overlaps, and completes after its commit. When it throws, what it did is
    /// undone. It must leave nothing behind outside of the database.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<DbSession, T> work)
    {
        var item = new DatabaseWork<T>(work);
        try
        {
            _waiting.Add(item);
        }
        catch (InvalidOperationException) // closed
        {
            item.Fail(new DatabaseUnavailableException("The service is stopping.", null));
        }

        return item.Task;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<DbSession> work) => WriteAsync(session =>
    {
        work(session);
        return true;
    });

    public T Read<T>(Func<DbSession, T> read)
    {
        if (!_readers.TryTake(out var session))
        {
            session = new DbSession(_provider.Open());
        }

        try
        {
            var result = read(session);
            _readers.Add(session);
            return result;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _waiting.CompleteAdding();
        _writer.Join();
        while (_readers.TryTake(out var session))
        {
            session.Dispose();
        }

        _waiting.Dispose();
    }

    private void Write()
    {
        DbSession? session = null;
        var group = new List<DatabaseWork>(GroupSize);
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            group.Add(first);
            while (group.Count < GroupSize && _waiting.TryTake(out var next))
            {
                group.Add(next);
            }

            try
            {
                session ??= new DbSession(_provider.Open());
                Commit(session, group);
                group.ForEach(work => work.Complete());
            }
#pragma warning disable CA1031 // The edge of the writer's loop: every caller of the group hears of it, and a new connection gets the next group.
            catch (Exception e)
#pragma warning restore CA1031
            {
                session?.Dispose();
                session = null;
                var error = e is DbException ? new DatabaseUnavailableException("The database cannot be written to.", e) : e;
                group.ForEach(work => work.Fail(error));
            }

            group.Clear();
            Interlocked.Exchange(ref _nextCommit, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }

        session?.Dispose();
    }

    private void Commit(DbSession session, List<DatabaseWork> group)
    {
        _provider.Begin(session);
        foreach (var work in group)
        {
            session.Execute("SAVEPOINT work");
            if (!work.Run(session))
            {
                session.Execute("ROLLBACK TO SAVEPOINT work");
            }

            session.Execute("RELEASE SAVEPOINT work");
        }

        session.Execute("COMMIT");
    }
}

/// <summary>The database does not take writes right now; the caller may try again.</summary>
internal sealed class DatabaseUnavailableException(string message, Exception? inner) : Exception(message, inner);
