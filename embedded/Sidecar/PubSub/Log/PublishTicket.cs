namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>One publish call: its messages are committed together, and in their order.</summary>
internal sealed class PublishTicket(LogPublisher publisher, IReadOnlyList<StoredMessage> messages)
{
    private readonly TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LogPublisher Publisher { get; } = publisher;

    public IReadOnlyList<StoredMessage> Messages { get; } = messages;

    public Task Committed => _committed.Task;

    public void Complete() => _committed.TrySetResult();

    public void Fail(Exception error) => _committed.TrySetException(error);
}

/// <summary>A sidecar that publishes to a log.</summary>
internal sealed class LogPublisher
{
    /// <summary>The last place in the log that one of its calls was told of. Guarded by the broker.</summary>
    public long Acknowledged { get; set; }
}
