using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>Takes messages one by one, as many at once as the queue allows, and hands each to the subscriber.</summary>
internal sealed class SingleConsumer(TopicQueue queue, MessageHandler handler, ILogger log) : IQueueConsumer, IThreadPoolWorkItem
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _workers = 1; // its own entry, given back when it stops
    private volatile bool _stopping;

    public void Wake(int count)
    {
        for (; count > 0; count--)
        {
            Interlocked.Increment(ref _workers);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    public void Execute() => _ = WorkAsync(); // counted in _workers; stopping waits for it

    /// <summary>Takes nothing more and waits for what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stopping)
        {
            _stopping = true;
            Leave();
        }

        await _idle.Task;
    }

    private async Task WorkAsync()
    {
        try
        {
            while (!_stopping && queue.TryTake(out var entry))
            {
                queue.Settle(entry!, await HandleAsync(entry!)); // TryTake said true
            }
        }
        finally
        {
            Leave();
        }
    }

    private async ValueTask<DeliveryOutcome> HandleAsync(QueueEntry entry)
    {
        try
        {
            return await handler(entry.Message.Message, CancellationToken.None);
        }
#pragma warning disable CA1031 // A handler that throws has failed, whatever it threw.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogError(e, "message {Seq} of topic {Topic} could not be handled", entry.Message.Seq, queue.Topic);
            return DeliveryOutcome.Failed;
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _workers) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
