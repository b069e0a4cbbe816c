using System.Text;
using Dapr;
using Dapr.Client;

namespace DaprMesh.State.Commits;

/// <summary>The keys of one Dapr state store: many read at once, many written in one transaction.</summary>
internal sealed class StateTable(DaprClient dapr, string component)
{
    private static readonly Dictionary<string, string> JsonContent = new() { ["contentType"] = "application/json" };
    private static readonly StateOptions FirstWrite = new() { Concurrency = ConcurrencyMode.FirstWrite, Consistency = ConsistencyMode.Strong };

    /// <summary>How stores say, through the sidecar and only by text, that another writer was first.</summary>
    private static readonly string[] ConflictTexts = ["etag", "no item was updated", "failed to set key", "failed to delete", "duplicate key", "writeconflict"];

    public static StateTransactionRequest Upsert(string key, byte[] value, string? etag, TimeSpan? timeToLive = null) => new(
        key, value, StateOperationType.Upsert, etag,
        timeToLive is { } ttl
            ? new Dictionary<string, string>(JsonContent) { ["ttlInSeconds"] = ((int)ttl.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture) }
            : JsonContent,
        FirstWrite);

    /// <param name="etag">Null: whatever is there, or nothing.</param>
    public static StateTransactionRequest Delete(string key, string? etag) =>
        new(key, null, StateOperationType.Delete, etag, options: etag is null ? null : FirstWrite);

    public async Task<Cell?> FindAsync(string key, CancellationToken ct)
    {
        var (value, etag) = await dapr.GetByteStateAndETagAsync(component, key, ConsistencyMode.Strong, cancellationToken: ct);
        return value.IsEmpty ? null : new Cell(value, etag);
    }

    /// <summary>What there is of the keys, which have to be distinct.</summary>
    public async Task<IReadOnlyDictionary<string, Cell>> ReadAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var cells = new Dictionary<string, Cell>(keys.Count, StringComparer.Ordinal);
        if (keys.Count == 0)
        {
            return cells;
        }

        foreach (var item in await dapr.GetBulkStateAsync(component, keys, parallelism: null, cancellationToken: ct))
        {
            if (!string.IsNullOrEmpty(item.Value))
            {
                cells[item.Key] = new Cell(Encoding.UTF8.GetBytes(item.Value), item.ETag);
            }
        }

        return cells;
    }

    /// <summary>False: another writer was first, and nothing is written.</summary>
    public async Task<bool> TryCommitAsync(IReadOnlyList<StateTransactionRequest> operations, CancellationToken ct)
    {
        try
        {
            await dapr.ExecuteStateTransactionAsync(component, operations, cancellationToken: ct);
            return true;
        }
        catch (DaprException e) when (IsConflict(e))
        {
            return false;
        }
    }

    private static bool IsConflict(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            if (ConflictTexts.Any(text => e.Message.Contains(text, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A key's JSON and its ETag.</summary>
internal sealed record Cell(ReadOnlyMemory<byte> Json, string ETag);
