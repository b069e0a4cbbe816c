using System.Globalization;
using System.Text;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;
using DaprMesh.Sidecar.Sqlite;

namespace DaprMesh.Sidecar.State;

/// <summary><c>state.sqlite</c>: durable, many callers' writes in one commit. daprd opens the same file.</summary>
internal sealed class SqliteStateStore(Component component, SidecarContext context) : IStateStore
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";

    private readonly SqliteStateTable _table = new(component);
    private SqliteTarget? _target;
    private SqliteFile? _file;
    private ITimer? _sweeper;

    public StateSettings Settings { get; } = StateSettings.Of(component, context);

    public bool AnswersKeyOnce => true;

    public IReadOnlyList<string> Capabilities { get; } = ["ETAG", "TRANSACTIONAL", "TTL", "KEYS_LIKE", "ACTOR"];

    private SqliteFile File => _file ?? throw new InvalidOperationException($"{component.Name} is not initialised.");

    public async Task InitAsync(CancellationToken ct)
    {
        ActorStateStore.Claim(component, context);
        _target = SqliteTarget.Of(component, context);
        _table.Validate();
        _file = _target.Open(context);
        await _file.WriteAsync(_table, static (session, table) => table.Create(session));
        if (SqliteTarget.Duration(component, "cleanupInterval", "cleanupIntervalInSeconds") is { } interval && interval > TimeSpan.Zero)
        {
            _sweeper = context.Clock.CreateTimer(_ => Sweep(interval), null, interval, interval);
        }
    }

    public ValueTask<StateItem?> GetAsync(string key, CancellationToken ct) => ValueTask.FromResult(
        File.Read((Store: this, key), static (session, read) => read.Store.Find(session, read.key, read.Store.Now())));

    public ValueTask<IReadOnlyList<StateItem?>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken ct) => ValueTask.FromResult(
        File.Read((Store: this, keys), static (session, read) =>
        {
            var now = read.Store.Now();
            session.Execute("BEGIN"); // all values from one moment
            try
            {
                return (IReadOnlyList<StateItem?>)[.. read.keys.Select(key => read.Store.Find(session, key, now))];
            }
            finally
            {
                session.Execute("COMMIT");
            }
        }));

    public async Task RunAsync(StateOperation operation, CancellationToken ct)
    {
        var write = Prepare(operation);
        if (!await File.WriteAsync(write, static (session, write) => write.Run(session), singleStatement: true))
        {
            throw new ETagMismatchException();
        }
    }

    public Task TransactAsync(IReadOnlyList<StateOperation> operations, CancellationToken ct)
    {
        var writes = new Write[operations.Count];
        for (var i = 0; i < writes.Length; i++)
        {
            writes[i] = Prepare(operations[i]);
        }

        return File.WriteAsync(writes, static (session, writes) =>
        {
            foreach (var write in writes)
            {
                if (!write.Run(session))
                {
                    throw new ETagMismatchException();
                }
            }

            return true;
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_sweeper is not null)
        {
            await _sweeper.DisposeAsync();
        }

        if (_target is { Path: null } && _file is not null)
        {
            await _file.DisposeAsync();
        }
    }

    private string Now() => Text(context.Clock.GetUtcNow());

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private StateItem? Find(SqliteSession session, string key, string now)
    {
        using var select = session.Prepare(_table.Select);
        select.Bind(1, key);
        select.Bind(2, now);
        if (!select.Step())
        {
            return null;
        }

        var value = select.Bytes(0);
        return new StateItem(
            select.Number(1) != 0 ? Convert.FromBase64String(Encoding.ASCII.GetString(value)) : value.ToArray(),
            select.Text(2),
            select.IsNull(3) ? null : DateTimeOffset.Parse(select.Text(3), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
    }

    private Write Prepare(StateOperation operation)
    {
        StateRules.CheckOptions(operation);
        var isUpsert = operation.Kind == StateOperationKind.Upsert;
        if (operation.Key.Length == 0)
        {
            throw new StateStoreException(isUpsert ? "missing key in set option" : "missing key in delete operation");
        }

        var seconds = isUpsert ? StateRules.StrictTtl(operation) : 0;
        var now = context.Clock.GetUtcNow();
        return new Write(
            _table,
            operation,
            operation.IsBinary ? Base64(operation.Value.Span) : operation.Value,
            Text(now),
            seconds > 0 ? Text(now.AddSeconds(seconds)) : null);
    }

    private static byte[] Base64(ReadOnlySpan<byte> bytes)
    {
        var text = new byte[Base64Length(bytes)];
        _ = System.Buffers.Text.Base64.EncodeToUtf8(bytes, text, out _, out _);
        return text;
    }

    private static int Base64Length(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length);

    private void Sweep(TimeSpan interval)
    {
        var now = context.Clock.GetUtcNow();
        _ = File.WriteAsync(session => _table.Sweep(session, Text(now), Text(now - interval)));
    }

    /// <summary>One operation ready to run on the writer, its checks done.</summary>
    private sealed record Write(SqliteStateTable Table, StateOperation Operation, ReadOnlyMemory<byte> Value, string Now, string? Expires)
    {
        /// <summary>False: the operation's condition does not hold.</summary>
        public bool Run(SqliteSession session)
        {
            if (Operation.Kind == StateOperationKind.Delete)
            {
                using var delete = session.Prepare(Operation.HasETag ? Table.DeleteIfMatch : Table.Delete);
                delete.Bind(1, Operation.Key);
                if (Operation.HasETag)
                {
                    delete.Bind(2, Operation.ETag);
                }

                return delete.Run() > 0 || !Operation.HasETag;
            }

            using var upsert = session.Prepare(
                Operation.HasETag ? Table.UpdateIfMatch : Operation.IsFirstWrite ? Table.InsertIfAbsent : Table.Upsert);
            upsert.Bind(1, Operation.Key);
            upsert.BindText(2, Value.Span);
            upsert.Bind(3, Operation.IsBinary ? 1L : 0L);
            upsert.Bind(4, Guid.NewGuid().ToString());
            upsert.Bind(5, Now);
            upsert.Bind(6, Expires);
            if (Operation.HasETag)
            {
                upsert.Bind(7, Operation.ETag);
            }

            return upsert.Run() > 0;
        }
    }
}
