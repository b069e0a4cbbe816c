namespace DaprMesh.Testing;

/// <summary>Every event that was published and every attempt to deliver one, in their order.</summary>
public sealed class EventRecorder
{
    private readonly Lock _lock = new();
    private readonly List<PublishedEvent> _published = [];
    private readonly List<DeliveredEvent> _delivered = [];

    /// <summary>What pub/sub components accepted so far.</summary>
    public IReadOnlyList<PublishedEvent> Published
    {
        get
        {
            lock (_lock)
            {
                return [.. _published];
            }
        }
    }

    /// <summary>The deliveries that ended so far, failed ones too. A bulk delivery counts once for each of its events.</summary>
    public IReadOnlyList<DeliveredEvent> Delivered
    {
        get
        {
            lock (_lock)
            {
                return [.. _delivered];
            }
        }
    }

    /// <summary>The events of a topic that an app took.</summary>
    public IReadOnlyList<DeliveredEvent> Taken(string appId, string topic) =>
        [.. Delivered.Where(delivered => delivered.AppId == appId && delivered.Topic == topic && delivered.Status is >= 200 and <= 299)];

    /// <summary>Waits until an app took as many events of a topic, and returns them.</summary>
    public async Task<IReadOnlyList<DeliveredEvent>> TakenAsync(string appId, string topic, int count, CancellationToken ct)
    {
        await Eventually.TrueAsync(() => Taken(appId, topic).Count >= count, ct, $"{appId} took {count} events of {topic}");
        return Taken(appId, topic);
    }

    internal void Add(PublishedEvent published)
    {
        lock (_lock)
        {
            _published.Add(published);
        }
    }

    internal void Add(IEnumerable<DeliveredEvent> delivered)
    {
        lock (_lock)
        {
            _delivered.AddRange(delivered);
        }
    }
}
