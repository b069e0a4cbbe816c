using System.Diagnostics;
using System.Text.Json;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Json;
using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.State;

/// <summary>State transactions: all operations or none, and what the outbox publishes of them.</summary>
internal sealed class StateTransactions(SidecarContext context, Outbox outbox)
{
    public async Task RunAsync(ApiCall call, IStateStore store)
    {
        var name = store.Settings.StoreName;
        var requests = ReadRequests(call, store, await StateApi.ReadBodyAsync(call, "failed deserializing HTTP body: "));
        if (requests.Count == 0)
        {
            call.NoContent();
            return;
        }

        var metadata = call.Metadata();
        foreach (var request in requests)
        {
            foreach (var (key, value) in metadata)
            {
                request.Metadata[key] = value;
            }
        }

        var markers = await outbox.PublishAsync(store, requests, call);
        List<StateOperation> operations =
        [
            .. requests.Where(request => !outbox.IsProjection(store, request)).Select(request => Operation(store, request)),
            .. markers,
        ];

        var started = Stopwatch.GetTimestamp();
        try
        {
            await context.Resiliency.Outbound(name, ComponentKind.Statestore).RunAsync(
                async ct =>
                {
                    await store.TransactAsync(operations, ct);
                    return true;
                },
                call.Aborted);
            Measure(name, success: true, started);
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            Measure(name, success: false, started);
            throw StateApiErrors.Transaction(e);
        }

        call.NoContent();
    }

    private static List<TransactionOperation> ReadRequests(ApiCall call, IStateStore store, byte[] body)
    {
        try
        {
            var operations = new List<TransactionOperation>();
            foreach (var (operation, json) in TransactionRequest.Read(body))
            {
                var kind = operation switch
                {
                    "upsert" => StateOperationKind.Upsert,
                    "delete" => StateOperationKind.Delete,
                    _ => throw new ApiException(400, "ERR_NOT_SUPPORTED_STATE_OPERATION", $"operation type {operation} not supported"),
                };
                using var request = JsonDocument.Parse(json ?? "null"u8.ToArray(), new() { MaxDepth = GoJson.MaxDepth });
                var read = TransactionOperation.Read(kind, request.RootElement);
                if (!store.Settings.TryStoredKey(read.Key, out _))
                {
                    throw StateApiErrors.IllegalKey(store.Settings.StoreName, read.Key, field: null);
                }

                operations.Add(read);
            }

            return operations;
        }
        catch (JsonException e)
        {
            throw StateApiErrors.MalformedBody(e.Message);
        }
    }

    private static StateOperation Operation(IStateStore store, TransactionOperation request)
    {
        _ = store.Settings.TryStoredKey(request.Key, out var key);
        var encryption = request.Kind == StateOperationKind.Upsert ? store.Settings.Encryption : null;
        return new StateOperation(request.Kind, key)
        {
            Value = encryption is null ? request.Value : encryption.Encrypt(GoValue.Bytes(request.Value)),
            IsBinary = encryption is not null,
            ETag = request.ETag,
            Concurrency = request.Concurrency,
            Consistency = request.Consistency,
            TtlInSeconds = request.Metadata.GetValueOrDefault("ttlInSeconds"),
        };
    }

    private void Measure(string store, bool success, long started) =>
        context.Metrics.State(store, "transaction", success, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
}
