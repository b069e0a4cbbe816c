using System.Text;
using System.Threading.Channels;
using DaprMesh.Sidecar.PubSub;
using DaprMesh.Sidecar.PubSub.Log;
using DaprMesh.Sidecar.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.Sidecar.Tests.PubSub;

/// <summary>A durable log on a real file, opened and closed as a process would.</summary>
internal sealed class LogFixture(string? path = null) : IAsyncDisposable
{
    public static readonly QueueSettings Defaults = new(64, IsOrdered: true, Requeue: false, TimeSpan.FromMilliseconds(200));

    private static readonly Dictionary<string, string> NoMetadata = [];

    private readonly TempFolder _folder = new();
    private readonly LogPublisher _publisher = new();
    private SqliteFile? _file;
    private LogBroker? _broker;

    public LogBroker Broker => _broker ?? throw new InvalidOperationException("open the log first");

    /// <summary>The file; a fixture made with the same one is another process.</summary>
    public string Path => path ?? _folder.File("log.db");

    public async Task OpenAsync(TimeProvider? clock = null)
    {
        _file = SqliteFile.Open(Path);
        _broker = await LogBroker.OpenAsync(_file, clock ?? TimeProvider.System, NullLogger.Instance);
    }

    public async Task CloseAsync()
    {
        if (_broker is not null && _file is not null)
        {
            await _broker.DisposeAsync();
            await _file.DisposeAsync();
            _broker = null;
        }
    }

    public Task PublishAsync(string topic, params string[] texts) => Broker.PublishAsync(new PublishTicket(
        _publisher, [.. texts.Select(text => new StoredMessage(new PubSubMessage(topic, Encoding.UTF8.GetBytes(text), null, NoMetadata), 1, 0))]));

    public async Task<(LogSubscription Subscription, ChannelReader<string> Received)> SubscribeAsync(
        string consumer, string topic, QueueSettings? settings = null, Func<string, DeliveryOutcome>? handle = null)
    {
        var received = Channel.CreateUnbounded<string>();
        var subscription = await LogSubscription.StartAsync(
            Broker,
            consumer,
            topic,
            settings ?? Defaults,
            queue => new SingleConsumer(
                queue,
                async (message, ct) =>
                {
                    await Task.Yield();
                    var text = Encoding.UTF8.GetString(message.Data.Span);
                    await received.Writer.WriteAsync(text, ct);
                    return handle?.Invoke(text) ?? DeliveryOutcome.Done;
                },
                NullLogger.Instance),
            TimeProvider.System,
            NullLogger.Instance);
        return (subscription, received.Reader);
    }

    public static async Task<List<string>> TakeAsync(ChannelReader<string> received, int count)
    {
        var texts = new List<string>();
        while (texts.Count < count)
        {
            texts.Add(await received.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        }

        return texts;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }
}
