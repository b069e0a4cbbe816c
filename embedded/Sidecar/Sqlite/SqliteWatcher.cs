namespace DaprMesh.Sidecar.Sqlite;

/// <summary>Tells one reader that a file has changed: at once for commits of this process, at the next look for those of others.</summary>
public sealed class SqliteWatcher : IDisposable
{
    private readonly SqliteFile _file;
    private readonly SqliteSession? _session;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _interval;
    private long _commits;
    private long _dataVersion;

    internal SqliteWatcher(SqliteFile file, SqliteSession? session, TimeProvider clock, TimeSpan interval)
    {
        _file = file;
        _session = session;
        _clock = clock;
        _interval = interval;
        _commits = file.Commits;
        _dataVersion = DataVersion();
    }

    /// <summary>Completes when something was committed to the file since the last call completed. One call at a time.</summary>
    public async Task ChangedAsync(CancellationToken ct)
    {
        while (!Look())
        {
            ct.ThrowIfCancellationRequested();
            var committed = _file.CommittedAsync(_commits);
            if (_session is null)
            {
                await committed.WaitAsync(ct);
                continue;
            }

            try
            {
                await committed.WaitAsync(_interval, _clock, ct);
            }
            catch (TimeoutException)
            {
                // Time to look whether another process has written.
            }
        }
    }

    public void Dispose() => _session?.Dispose();

    private bool Look()
    {
        var commits = _file.Commits;
        var dataVersion = DataVersion();
        if (commits == _commits && dataVersion == _dataVersion)
        {
            return false;
        }

        (_commits, _dataVersion) = (commits, dataVersion);
        return true;
    }

    /// <summary>A number that changes when any other connection, of whatever process, has committed.</summary>
    private long DataVersion()
    {
        if (_session is null)
        {
            return 0;
        }

        using var statement = _session.Prepare("PRAGMA data_version");
        return statement.Step() ? statement.Number(0) : 0;
    }
}
