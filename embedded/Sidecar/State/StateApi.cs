using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Json;
using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.State;

/// <summary><c>/v1.0/state</c>: get, save, delete, bulk get, transactions and the (unsupported) query.</summary>
internal sealed class StateApi : IBuildingBlock
{
    private const string Group = "state";

    private readonly SidecarContext _context;
    private readonly StateTransactions _transactions;
    private readonly Outbox _outbox;

    public StateApi(SidecarContext context)
    {
        _context = context;
        _outbox = new Outbox(context);
        _transactions = new StateTransactions(context, _outbox);
    }

    public void Map(RouteTable routes)
    {
        routes.Map("GET", "v1.0/state/{store}/{key}", Group, GetAsync);
        routes.Map("POST|PUT", "v1.0/state/{store}", Group, SaveAsync);
        routes.Map("DELETE", "v1.0/state/{store}/{key}", Group, DeleteAsync);
        routes.Map("POST|PUT", "v1.0/state/{store}/bulk", Group, BulkGetAsync);
        routes.Map("POST|PUT", "v1.0/state/{store}/transaction", Group, call => _transactions.RunAsync(call, Store(call)));
        routes.Map("POST|PUT", "v1.0-alpha1/state/{store}/query", Group, Query);
    }

    public Task StartAsync(CancellationToken ct) => _outbox.StartAsync(ct);

    public Task StopAsync(CancellationToken ct) => _outbox.StopAsync();

    public Task BeforeReloadAsync(ResourceChange change, CancellationToken ct) => Concerns(change) ? _outbox.StopAsync() : Task.CompletedTask;

    public Task AfterReloadAsync(ResourceChange change, CancellationToken ct) => Concerns(change) ? _outbox.RestartAsync(ct) : Task.CompletedTask;

    private static bool Concerns(ResourceChange change) =>
        change.Closes<IStateStore>() || change.Opens<IStateStore>() || change.Closes<PubSub.IPubSub>() || change.Opens<PubSub.IPubSub>();

    private async Task GetAsync(ApiCall call)
    {
        var store = Store(call);
        var key = call["key"];
        var stored = StoredKey(store, key);
        var started = Stopwatch.GetTimestamp();
        StateItem? item;
        byte[] value;
        try
        {
            var policy = Policy(store);
            item = policy.IsNone
                ? await store.GetAsync(stored, call.Aborted)
                : await policy.RunAsync(ct => store.GetAsync(stored, ct), call.Aborted);
            value = item is null ? [] : Decrypted(store, item.Value);
            Measure(store, "get", success: true, started);
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            Measure(store, "get", success: false, started);
            throw StateApiErrors.Get(store.Settings.StoreName, key, e);
        }

        if (item is null)
        {
            call.NoContent();
            return;
        }

        call.Http.Response.Headers.ETag = item.ETag;
        if (item.Expires is { } expires)
        {
            call.Http.Response.Headers["Metadata.ttlexpiretime"] = Rfc3339(expires);
        }

        await call.JsonAsync(value);
    }

    /// <summary>The body; one over the limit is malformed, in the words of the route.</summary>
    internal static async Task<byte[]> ReadBodyAsync(ApiCall call, string before)
    {
        try
        {
            return await call.ReadBodyAsync();
        }
        catch (BodyTooLargeException e)
        {
            throw new ApiException(400, "ERR_MALFORMED_REQUEST", before + e.Message);
        }
    }

    private async Task SaveAsync(ApiCall call)
    {
        var store = Store(call);
        var body = await ReadBodyAsync(call, "");
        var operations = ReadSave(call, store, body);
        if (operations.Length == 0)
        {
            call.NoContent();
            return;
        }

        var started = Stopwatch.GetTimestamp();
        try
        {
            await new StateSave(store, operations).RunAsync(Policy(store), call.Aborted);
            Measure(store, "set", success: true, started);
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            Measure(store, "set", success: false, started);
            throw StateApiErrors.Save(store.Settings.StoreName, e);
        }

        call.NoContent();
    }

    private static StateOperation[] ReadSave(ApiCall call, IStateStore store, byte[] body)
    {
        List<SaveRequest> items;
        try
        {
            items = SaveRequest.ReadAll(body);
        }
        catch (JsonException e)
        {
            throw StateApiErrors.MalformedRequest(e.Message);
        }

        var metadata = call.Metadata();
        var operations = new StateOperation[items.Count];
        for (var i = 0; i < operations.Length; i++)
        {
            var item = items[i];
            if (item.Key.Length == 0)
            {
                throw StateApiErrors.MalformedRequest("\"key\" is a required field");
            }

            var encryption = store.Settings.Encryption;
            operations[i] = new StateOperation(StateOperationKind.Upsert, StoredKey(store, item.Key))
            {
                Value = encryption is null ? item.Value : encryption.Encrypt(GoValue.Bytes(item.Value)),
                IsBinary = encryption is not null,
                ETag = item.ETag,
                Concurrency = item.Concurrency,
                Consistency = item.Consistency,
                TtlInSeconds = metadata.GetValueOrDefault("ttlInSeconds") ?? item.Metadata?.GetValueOrDefault("ttlInSeconds"),
            };
        }

        return operations;
    }

    private async Task DeleteAsync(ApiCall call)
    {
        var store = Store(call);
        var key = call["key"];
        var operation = new StateOperation(StateOperationKind.Delete, StoredKey(store, key))
        {
            ETag = call.Http.Request.Headers.IfMatch is [var etag, ..] ? etag : null,
            Concurrency = call.Query("concurrency"),
            Consistency = call.Query("consistency"),
        };
        var started = Stopwatch.GetTimestamp();
        try
        {
            await new StateSave(store, [operation]).RunAsync(Policy(store), call.Aborted);
            Measure(store, "delete", success: true, started);
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            Measure(store, "delete", success: false, started);
            throw StateApiErrors.Delete(key, e);
        }

        call.NoContent();
    }

    private async Task BulkGetAsync(ApiCall call)
    {
        var store = Store(call);
        var body = await ReadBodyAsync(call, "failed deserializing HTTP body: ");
        List<string> keys;
        try
        {
            keys = BulkGet.ReadKeys(body);
        }
        catch (JsonException e)
        {
            throw StateApiErrors.MalformedBody(e.Message);
        }

        var stored = keys.ConvertAll(key => StoredKey(store, key));
        IReadOnlyList<StateItem?> items = [];
        if (keys.Count > 0)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                items = await Policy(store).RunAsync(ct => store.GetManyAsync(stored, ct), call.Aborted);
                Measure(store, "bulk_get", success: true, started);
            }
            catch (Exception e) when (!call.Aborted.IsCancellationRequested)
            {
                Measure(store, "bulk_get", success: false, started);
                throw StateApiErrors.BulkGet(e);
            }
        }

        var answer = new ArrayBufferWriter<byte>(256);
        BulkGet.Write(answer, keys, items, store);
        await call.JsonAsync(answer.WrittenMemory);
    }

    private Task Query(ApiCall call)
    {
        _ = Store(call, withAppId: false);
        throw StateApiErrors.QueryUnsupported(call["store"]);
    }

    private IStateStore Store(ApiCall call, bool withAppId = true)
    {
        var name = call["store"];
        if (_context.Components.TryGet<IStateStore>(name, out var store))
        {
            return store;
        }

        var appId = withAppId ? _context.AppId : null;
        throw _context.Components.Any<IStateStore>()
            ? StateApiErrors.NotFound(name, appId)
            : StateApiErrors.NotConfigured(name, appId);
    }

    private static string StoredKey(IStateStore store, string key) =>
        store.Settings.TryStoredKey(key, out var stored) ? stored : throw StateApiErrors.IllegalKey(store.Settings.StoreName, key, key);

    private Policy Policy(IStateStore store) => _context.Resiliency.Outbound(store.Settings.StoreName, ComponentKind.Statestore);

    private void Measure(IStateStore store, string operation, bool success, long started) =>
        _context.Metrics.State(store.Settings.StoreName, operation, success, Stopwatch.GetElapsedTime(started).TotalMilliseconds);

    internal static byte[] Decrypted(IStateStore store, byte[] value) =>
        store.Settings.Encryption is { } encryption ? encryption.Decrypt(value, store.Settings.StoreName) : value;

    internal static string Rfc3339(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
