using System.Globalization;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Jobs;
using DaprMesh.Sidecar.PubSub.Log;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>The metadata of a <c>pubsub.sqlite</c> component.</summary>
/// <param name="Path">The file, from <c>connectionString</c>.</param>
/// <param name="ConsumerId"><c>consumerID</c>: replicas with the same one share a topic's messages. The app id by default.</param>
/// <param name="MaxInFlight"><c>prefetchCount</c>: deliveries that run at once for a subscription, 64; <c>concurrency: single</c> makes it one.</param>
/// <param name="IsOrdered"><c>ordered</c>: messages of one publisher (or of its <c>partitionKey</c>) are delivered one after another; true.</param>
/// <param name="Requeue"><c>requeueInFailure</c>: a message whose delivery failed comes again instead of being discarded; false.</param>
/// <param name="RedeliverInterval"><c>redeliverInterval</c>: the longest pause before it comes again, 5s.</param>
/// <param name="DefaultTtl"><c>ttlInSeconds</c>: time to live of messages that say nothing; none.</param>
/// <param name="Retention"><c>retention</c>: messages that wait longer are deleted, whoever still wants them; 168h.</param>
/// <param name="Limits">
/// <c>maxBacklog</c> (100000 messages) and <c>maxBacklogBytes</c> (1 GiB) of a topic, <c>publishTimeout</c> (5s) for which publishers wait for room,
/// <c>slowPublishersAt</c> (1000 messages before a connected subscriber), at which a publish pauses for up to 100 ms.
/// </param>
internal sealed record SqlitePubSubSettings(
    string Path, string ConsumerId, int MaxInFlight, bool IsOrdered, bool Requeue, TimeSpan RedeliverInterval, TimeSpan? DefaultTtl, TimeSpan Retention,
    BacklogLimits Limits)
{
    /// <summary>Batches are handled one at a time and in order, so nothing has to wait inside the queue.</summary>
    public QueueSettings BulkQueue => new(int.MaxValue, IsOrdered: false, Requeue, RedeliverInterval);

    public QueueSettings Queue(bool isConcurrent) => new(MaxInFlight, IsOrdered && !isConcurrent, Requeue, RedeliverInterval);

    public static SqlitePubSubSettings Read(Component component, SidecarContext context)
    {
        var path = component.Find("connectionString") is { Length: > 0 } given
            ? given
            : throw new ArgumentException("missing connection string");
        var isSingle = component.Find("concurrency") switch
        {
            null or "" or "parallel" => false,
            "single" => true,
            var other => throw new ArgumentException($"invalid value for 'concurrency': '{other}' is neither parallel nor single"),
        };
        return new SqlitePubSubSettings(
            System.IO.Path.GetFullPath(path, context.Options.WorkingDirectory ?? Environment.CurrentDirectory),
            component.Find("consumerID") is { Length: > 0 } consumer ? consumer : context.AppId,
            isSingle ? 1 : (int)Number(component, "prefetchCount", 64),
            component.Find("ordered") is null || component.IsTrue("ordered"),
            component.IsTrue("requeueInFailure"),
            Duration(component, "redeliverInterval", TimeSpan.FromSeconds(5)),
            component.Find("ttlInSeconds") is null ? null : TimeSpan.FromSeconds(Number(component, "ttlInSeconds", 1)),
            Duration(component, "retention", TimeSpan.FromDays(7)),
            new BacklogLimits(
                Number(component, "maxBacklog", 100_000),
                Number(component, "maxBacklogBytes", 1L << 30),
                Duration(component, "publishTimeout", TimeSpan.FromSeconds(5)),
                (int)Math.Min(int.MaxValue, Number(component, "slowPublishersAt", 1000)),
                TimeSpan.FromMilliseconds(100)));
    }

    private static long Number(Component component, string name, long byDefault) => component.Find(name) switch
    {
        null or "" => byDefault,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        var text => throw new ArgumentException($"invalid value for '{name}': '{text}' is not a positive number"),
    };

    private static TimeSpan Duration(Component component, string name, TimeSpan byDefault) => component.Find(name) switch
    {
        null or "" => byDefault,
        var text when GoDuration.TryParse(text, out var duration) && duration > TimeSpan.Zero => duration,
        var text => throw new ArgumentException($"invalid value for '{name}': '{text}' is not a duration"),
    };
}
