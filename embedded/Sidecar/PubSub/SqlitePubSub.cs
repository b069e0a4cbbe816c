using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.PubSub.Log;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>
/// <c>pubsub.sqlite</c>: a durable log in a SQLite file. A publish is acknowledged when it is on disk; every consumer of a topic gets every
/// message at least once, from the moment it first subscribed, whether it is there or not.
/// </summary>
internal sealed class SqlitePubSub(Component component, SidecarContext context) : IPubSub
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    private readonly TimeProvider _clock = context.Runtime.Clock;
    private readonly ILogger _log = context.Loggers.CreateLogger("dapr.contrib.pubsub.sqlite");
    private readonly LogPublisher _publisher = new();
    private readonly string _appId = context.AppId;
    private SqlitePubSubSettings? _settings;
    private LogBroker? _broker;

    public IReadOnlyList<string> Capabilities { get; } = ["MESSAGE_TTL"];

    public bool HasNativeTtl => true;

    private LogBroker Broker => _broker ?? throw new InvalidOperationException("pubsub.sqlite is not initialised");

    private SqlitePubSubSettings Settings => _settings ?? throw new InvalidOperationException("pubsub.sqlite is not initialised");

    public async Task InitAsync(CancellationToken ct)
    {
        _settings = SqlitePubSubSettings.Read(component, context);
        var path = _settings.Path;
        var opened = context.Runtime.Shared(
            "pubsub.sqlite/" + path, () => new OpenedLog(context.Runtime.File(path), _clock, _log));
        _broker = await opened.Broker.WaitAsync(ct);
        _broker.KeepFor(_settings.Retention);
        _publisher.Acknowledged = _broker.Store.Next() - 1;
    }

    public async ValueTask PublishAsync(PubSubMessage message, CancellationToken ct)
    {
        await Broker.Backlog(message.Topic).WaitAsync(Settings.Limits, _clock, ct);
        await Broker.PublishAsync(new PublishTicket(_publisher, [Stored(message)])); // once handed in it is written, whoever still waits
    }

    public async ValueTask<IReadOnlyList<Exception?>> PublishBulkAsync(IReadOnlyList<PubSubMessage> messages, CancellationToken ct)
    {
        if (messages.Count == 0)
        {
            return [];
        }

        try
        {
            await Broker.Backlog(messages[0].Topic).WaitAsync(Settings.Limits, _clock, ct);
            await Broker.PublishAsync(new PublishTicket(_publisher, [.. messages.Select(Stored)]));
            return new Exception?[messages.Count];
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return [.. Enumerable.Repeat<Exception?>(e, messages.Count)]; // one transaction: all or none
        }
    }

    public async ValueTask<IAsyncDisposable> SubscribeAsync(TopicRequest request, MessageHandler handler, CancellationToken ct) =>
        await LogSubscription.StartAsync(
            Broker, Settings.ConsumerId, request.Topic, Settings.Queue(request.IsConcurrent), queue => new SingleConsumer(queue, handler, _log), _clock, _log);

    public async ValueTask<IAsyncDisposable> SubscribeBulkAsync(BulkTopicRequest request, BulkMessageHandler handler, CancellationToken ct) =>
        await LogSubscription.StartAsync(
            Broker,
            Settings.ConsumerId,
            request.Topic,
            Settings.BulkQueue,
            queue => new BulkConsumer(queue, request, handler, _clock, _log),
            _clock,
            _log);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask; // the log belongs to the process's runtime

    private StoredMessage Stored(PubSubMessage message)
    {
        var expires = (MessageMetadata.Ttl(message.Metadata) ?? Settings.DefaultTtl) is { } ttl
            ? (_clock.GetUtcNow() + ttl).ToUnixTimeMilliseconds()
            : 0;
        var lane = Lane(_appId, MessageMetadata.Find(message.Metadata, "partitionKey"));

        // What was said to the broker is not said to the subscribers.
        return new StoredMessage(message.Metadata.Count == 0 && !ReferenceEquals(message.Metadata, MessageMetadata.Absent) ? message : message with { Metadata = NoMetadata }, lane, expires);
    }

    /// <summary>FNV-1a: the same in every process and version, because it stands in the file.</summary>
    private static long Lane(string appId, string? partitionKey)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in appId)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        foreach (var c in partitionKey is null ? "" : "\0" + partitionKey)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return unchecked((long)hash);
    }
}
