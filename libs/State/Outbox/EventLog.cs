using System.Text.Json;
using DaprMesh.Contracts;

namespace DaprMesh.State.Outbox;

/// <summary>
/// The events that one writer has committed and not yet published: a head and numbered entries, one for each transaction, written in that transaction.
/// Entries that are published are removed by a later transaction. Nobody else writes here, unless the owner is taken to be dead; then its next
/// transaction fails at the head's ETag, and it goes on in a log of a new name.
/// </summary>
internal sealed class EventLog(LogKeys keys, EventPublisher publisher, string source, TimeProvider clock)
{
    private string _id = NewId(clock);
    private bool _exists;
    private bool _inDoubt;
    private long _from;
    private long _next;

    public EventPublisher Publisher => publisher;

    public EventEnvelope Envelope(IEvent told, string entityId, long version, string? traceParent, JsonSerializerOptions json) => new()
    {
        Id = $"evt_{Guid.CreateVersion7(clock.GetUtcNow()):N}",
        Type = Topic.Of(told.GetType()),
        Source = new Uri(source, UriKind.Relative),
        Subject = entityId,
        Time = clock.GetUtcNow(),
        EntityVersion = version,
        TraceId = traceParent,
        TraceParent = traceParent,
        Data = JsonSerializer.SerializeToElement(told, json.GetTypeInfo(told.GetType())),
    };

    /// <summary>Waits while publishing is far behind, unless it is the broker that fails.</summary>
    public Task RoomAsync() => publisher.RoomAsync();

    /// <summary>What a transaction has to write here; null: nothing.</summary>
    /// <param name="isTidy">Nothing but the log is to be written: also what shows that the owner lives counts.</param>
    public LogEntry? Begin(IReadOnlyList<EventEnvelope> events, bool isTidy)
    {
        var published = publisher.PublishedTo;
        return events.Count > 0 || _inDoubt || (isTidy && _exists && (IsClosing || published > _from || published < _next))
            ? new LogEntry(this, keys, events)
            : null;
    }

    /// <summary>Takes note that a transaction ended without an answer. Always false, so that it can stand in an exception filter.</summary>
    public bool Doubt(LogEntry? entry)
    {
        _inDoubt |= entry is not null;
        return false;
    }

    /// <summary>The process ends: the log is removed, or left to whoever looks first.</summary>
    public bool IsClosing { get; set; }

    /// <summary>How many entries are published and still there.</summary>
    public long Removable => _exists ? publisher.PublishedTo - _from : 0;

    public string Id => _id;

    internal (string Id, bool Exists, long From, long Next, long Published) Position => (_id, _exists, _from, _next, publisher.PublishedTo);

    internal LogHead NewHead(long from, long to) => new(_id, from, to, IsClosing ? DateTimeOffset.MinValue : clock.GetUtcNow());

    /// <summary>Compares what the store says with what this process knows. False: the log was taken over, and a new one is begun.</summary>
    internal bool Reconcile(LogHead? head)
    {
        if ((head is null && _exists) || (head is not null && head.Owner != _id))
        {
            _id = NewId(clock);
            (_exists, _inDoubt, _from, _next) = (false, false, 0, 0);
            publisher.Restart(_id); // who took it over has published what was in it
            return false;
        }

        _inDoubt = false;
        if (head is not null)
        {
            // A transaction that ended without an answer was committed after all.
            for (; _next < head.To; _next++)
            {
                publisher.Add(_id, _next, null);
            }

            (_exists, _from) = (true, head.From);
        }

        return true;
    }

    internal void Written(long from, IReadOnlyList<EventEnvelope> events)
    {
        (_exists, _from) = (true, from);
        if (events.Count > 0)
        {
            publisher.Add(_id, _next++, events);
        }
    }

    internal void Removed()
    {
        _id = NewId(clock);
        (_exists, _from, _next) = (false, 0, 0);
        publisher.Restart(_id);
    }

    private static string NewId(TimeProvider clock) => $"log_{Guid.CreateVersion7(clock.GetUtcNow()):N}";
}
