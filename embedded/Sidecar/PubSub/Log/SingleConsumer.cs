using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>
/// Takes messages one by one, as many at once as the queue allows, and hands each to the subscriber. A turn on a thread of the pool begins all the
/// deliveries it can; the next turn is asked for when the one before has begun, so that a burst of messages does not wake a thread for each of them.
/// </summary>
internal sealed class SingleConsumer(TopicQueue queue, MessageHandler handler, ILogger log) : IQueueConsumer, IThreadPoolWorkItem
{
    /// <summary>After so many deliveries that were finished on the spot, other work of the process has its turn.</summary>
    private const int DeliveriesPerTurn = 32;

    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running = 1; // turns and deliveries; one is the consumer's own, given back when it stops
    private int _asked;
    private volatile bool _stopping;

    public void Wake()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
        {
            Interlocked.Increment(ref _running);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    public void Execute()
    {
        Interlocked.Exchange(ref _asked, 0); // before anything is taken: what becomes ready from now on asks again
        Take();
        Leave();
    }

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

    private void Take()
    {
        for (var finished = 0; !_stopping && queue.TryTake(out var entry, out var isMore);)
        {
            if (isMore)
            {
                queue.Wake();
            }

            var delivery = HandleAsync(entry!); // TryTake said true
            if (!delivery.IsCompletedSuccessfully)
            {
                Interlocked.Increment(ref _running);
                _ = FinishAsync(entry!, delivery); // counted in _running; stopping waits for it
                continue;
            }

            queue.Settle(entry!, delivery.Result);
            if (++finished == DeliveriesPerTurn)
            {
                queue.Wake();
                return;
            }
        }
    }

    private async Task FinishAsync(QueueEntry entry, ValueTask<DeliveryOutcome> delivery)
    {
        queue.Settle(entry, await delivery);
        Take();
        Leave();
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
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _idle.TrySetResult();
        }
    }
}
