using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>A sidecar's part in a subscription: delivers while its process owns it, stands by while another one does.</summary>
internal sealed class LogSubscription : IAsyncDisposable
{
    private static readonly TimeSpan StandbyInterval = TimeSpan.FromMilliseconds(500);

    private readonly LogBroker _broker;
    private readonly string _consumer;
    private readonly string _topic;
    private readonly QueueSettings _settings;
    private readonly Func<TopicQueue, IQueueConsumer> _join;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private IQueueConsumer? _taking;

    private LogSubscription(
        LogBroker broker, string consumer, string topic, QueueSettings settings, Func<TopicQueue, IQueueConsumer> join, TimeProvider clock, ILogger log)
    {
        _broker = broker;
        _consumer = consumer;
        _topic = topic;
        _settings = settings;
        _join = join;
        _clock = clock;
        _log = log;
    }

    /// <summary>Completes when the subscription exists in the log, so that nothing published from now on is missed.</summary>
    public static async Task<LogSubscription> StartAsync(
        LogBroker broker, string consumer, string topic, QueueSettings settings, Func<TopicQueue, IQueueConsumer> join, TimeProvider clock, ILogger log)
    {
        var subscription = new LogSubscription(broker, consumer, topic, settings, join, clock, log);
        var queue = await subscription.TryJoinAsync();
        subscription._loop = subscription.RunAsync(queue, subscription._stopping.Token);
        return subscription;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
        }

        await _loop;
        _stopping.Dispose();
    }

    private Task<TopicQueue?> TryJoinAsync() => _broker.TryJoinAsync(_consumer, _topic, _settings, queue => _taking = _join(queue));

    private async Task RunAsync(TopicQueue? queue, CancellationToken ct)
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                if (queue is null)
                {
                    await Task.Delay(StandbyInterval, _clock, ct);
                    queue = await TryJoinAsync();
                    continue;
                }

                await queue.Lost.WaitAsync(ct);
                await LeaveAsync(queue);
                queue = null;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                if (queue is not null)
                {
                    await LeaveAsync(queue);
                }

                return;
            }
#pragma warning disable CA1031 // The edge of a background loop: the file may be writable again at the next try.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _log.LogError(e, "the subscription of {Consumer} to topic {Topic} could not be taken over", _consumer, _topic);
            }
        }
    }

    /// <summary>Lets deliveries that run finish before somebody else may deliver.</summary>
    private async Task LeaveAsync(TopicQueue queue)
    {
        var taking = _taking!; // set when the queue was joined
        await taking.DisposeAsync();
        await _broker.LeaveAsync(queue, taking);
    }
}
