using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>Takes messages in batches, one batch at a time: when there are enough of them, or when the first has waited long enough.</summary>
internal sealed class BulkConsumer : IQueueConsumer
{
    private readonly TopicQueue _queue;
    private readonly BulkTopicRequest _request;
    private readonly BulkMessageHandler _handler;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BulkConsumer(TopicQueue queue, BulkTopicRequest request, BulkMessageHandler handler, TimeProvider clock, ILogger log)
    {
        _queue = queue;
        _request = request;
        _handler = handler;
        _clock = clock;
        _log = log;
        _loop = LoopAsync(_stopping.Token);
    }

    public void Wake() => Volatile.Read(ref _woken).TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private async Task LoopAsync(CancellationToken ct)
    {
        try
        {
            while (!ct.IsCancellationRequested)
            {
                await FilledAsync(ct);
                var batch = new List<QueueEntry>();
                while (batch.Count < _request.MaxMessages && _queue.TryTake(out var entry, out _))
                {
                    batch.Add(entry!); // TryTake said true
                }

                if (batch.Count > 0)
                {
                    await HandleAsync(batch);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped while waiting for messages.
        }
    }

    private async Task FilledAsync(CancellationToken ct)
    {
        long? first = null;
        while (true)
        {
            var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _woken, woken);
            var ready = _queue.ReadyCount;
            if (ready >= _request.MaxMessages)
            {
                return;
            }

            if (ready == 0)
            {
                await woken.Task.WaitAsync(ct);
                continue;
            }

            var wait = _request.MaxAwait - _clock.GetElapsedTime(first ??= _clock.GetTimestamp());
            if (wait <= TimeSpan.Zero)
            {
                return;
            }

            try
            {
                await woken.Task.WaitAsync(wait, _clock, ct);
            }
            catch (TimeoutException)
            {
                return;
            }
        }
    }

    private async Task HandleAsync(List<QueueEntry> batch)
    {
        IReadOnlyList<DeliveryOutcome> outcomes;
        try
        {
            outcomes = await _handler(batch.ConvertAll(entry => entry.Message.Message), CancellationToken.None);
        }
#pragma warning disable CA1031 // A handler that throws has failed, whatever it threw.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.LogError(e, "a batch of topic {Topic} could not be handled", _queue.Topic);
            outcomes = [.. Enumerable.Repeat(DeliveryOutcome.Failed, batch.Count)];
        }

        for (var i = 0; i < batch.Count; i++)
        {
            _queue.Settle(batch[i], outcomes[i]);
        }
    }
}
