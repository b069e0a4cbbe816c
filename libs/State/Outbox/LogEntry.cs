using System.Text.Json;
using Dapr.Client;
using DaprMesh.State.Commits;

namespace DaprMesh.State.Outbox;

/// <summary>The part of one transaction that concerns the log: its events go in, and what is published goes out.</summary>
internal sealed class LogEntry(EventLog log, LogKeys keys, IReadOnlyList<EventEnvelope> events)
{
    private const int MostRemoved = 64;
    private Cell? _head;
    private Cell? _register;
    private long _from;
    private bool _isRemoved;

    public IEnumerable<string> Wanted() => log.Position.Exists ? [keys.Head(log.Position.Id)] : [keys.Head(log.Position.Id), keys.Register];

    /// <summary>False: the log was taken over by another process.</summary>
    public bool Take(IReadOnlyDictionary<string, Cell> cells)
    {
        _head = cells.GetValueOrDefault(keys.Head(log.Position.Id));
        _register = cells.GetValueOrDefault(keys.Register);
        return log.Reconcile(_head is null ? null : JsonSerializer.Deserialize(_head.Json.Span, OutboxJson.Default.LogHead));
    }

    public IEnumerable<StateTransactionRequest> Operations()
    {
        var (id, exists, from, next, published) = log.Position;
        _from = exists ? Math.Min(published, from + MostRemoved) : 0;
        if (!exists)
        {
            if (events.Count == 0)
            {
                yield break;
            }

            // In the same transaction, so that no log is ever missing in the register.
            var known = _register is null ? [] : JsonSerializer.Deserialize(_register.Json.Span, OutboxJson.Default.ListString) ?? [];
            yield return StateTable.Upsert(keys.Register, JsonSerializer.SerializeToUtf8Bytes([.. known, id], OutboxJson.Default.ListString), _register?.ETag);
        }

        _isRemoved = log.IsClosing && events.Count == 0 && _from == next;
        for (var number = from; number < _from; number++)
        {
            yield return StateTable.Delete(keys.Entry(id, number), etag: null);
        }

        if (_isRemoved)
        {
            yield return StateTable.Delete(keys.Head(id), _head?.ETag);
            yield break;
        }

        var head = log.NewHead(_from, events.Count > 0 ? next + 1 : next);
        yield return StateTable.Upsert(keys.Head(id), JsonSerializer.SerializeToUtf8Bytes(head, OutboxJson.Default.LogHead), _head?.ETag);
        if (events.Count > 0)
        {
            yield return StateTable.Upsert(keys.Entry(id, next), JsonSerializer.SerializeToUtf8Bytes(events, OutboxJson.Default.IReadOnlyListEventEnvelope), etag: null);
        }
    }

    public void Committed()
    {
        if (_isRemoved)
        {
            log.Removed();
        }
        else if (log.Position.Exists || events.Count > 0)
        {
            log.Written(_from, events);
        }
    }
}
