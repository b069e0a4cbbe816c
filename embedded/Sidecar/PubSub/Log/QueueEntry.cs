namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>A message in one subscription's hands.</summary>
internal sealed class QueueEntry(StoredMessage message)
{
    public StoredMessage Message { get; } = message;

    /// <summary>Finished for this subscription.</summary>
    public bool IsDone { get; set; }

    /// <summary>Stands in nobody's way any more: finished, or failed and to come again out of order.</summary>
    public bool HasLeftLane { get; set; }

    public int Failures { get; set; }
}

/// <summary>The unfinished messages of one lane, and those among them that have to wait for earlier ones.</summary>
internal sealed class Lane
{
    private readonly Queue<QueueEntry> _unfinished = new();
    private readonly Queue<QueueEntry> _waiting = new();

    public bool IsEmpty => _unfinished.Count == 0;

    /// <summary>True when nothing stands before it.</summary>
    public bool TryPass(QueueEntry entry)
    {
        _unfinished.Enqueue(entry);
        if (_waiting.Count == 0 && _unfinished.Peek().Message.Seq > entry.Message.After)
        {
            return true;
        }

        _waiting.Enqueue(entry);
        return false;
    }

    /// <summary>Lets an entry go and hands over those that waited for it.</summary>
    public void Leave(QueueEntry entry, Queue<QueueEntry> ready)
    {
        entry.HasLeftLane = true;
        while (_unfinished.TryPeek(out var first) && first.HasLeftLane)
        {
            _unfinished.Dequeue();
        }

        while (_waiting.TryPeek(out var next) && _unfinished.Peek().Message.Seq > next.Message.After)
        {
            ready.Enqueue(_waiting.Dequeue());
        }
    }
}
