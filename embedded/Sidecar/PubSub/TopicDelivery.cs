using System.Diagnostics;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.PubSub.Cel;
using DaprMesh.Sidecar.Resiliency;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>Brings one subscription's messages to the app, one at a call: routing, inbound policy, answers, dead letters.</summary>
internal sealed class TopicDelivery(
    SidecarContext context, PubSubTarget target, Subscription subscription, RouteSelector routes, AppDelivery app, DeadLetters deadLetters, ILogger log)
{
    /// <param name="ct">Cancelled when the graceful stop runs out of time.</param>
    public async ValueTask<DeliveryOutcome> HandleAsync(PubSubMessage message, CancellationToken ct)
    {
        var topic = Topic(message);
        try
        {
            var body = MessageMetadata.IsRaw(subscription.Metadata) ? Envelope.FromRaw(target.Name, topic, message.Data.Span) : message.Data;
            if (!EventHeader.TryRead(body.Span, out var header))
            {
                throw new FormatException("error deserializing cloud event");
            }

            if (header.Expiration < context.Clock.GetUtcNow())
            {
                log.LogWarning("dropping expired pub/sub event {Id} as of {Expiration}", header.Id, header.Expiration);
                return await DropAsync(message, topic, "", ct);
            }

            if (routes.Select(body.Span) is not { } path)
            {
                log.LogDebug("no matching route for event {Id} in pubsub {Pubsub} and topic {Topic}; skipping", header.Id, target.Name, topic);
                return await DropAsync(message, topic, "success", ct);
            }

            if (target.Inbound.IsNone)
            {
                await AttemptAsync(message, topic, path, body, header, ct);
            }
            else
            {
                await target.Inbound.RunAsync(
                    async attempt =>
                    {
                        await AttemptAsync(message, topic, path, body, header, attempt);
                        return true;
                    },
                    ct);
            }

            return DeliveryOutcome.Done;
        }
#pragma warning disable CA1031 // Every failure of a delivery has the same two ends: the dead-letter topic or the broker.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return await FailAsync(message, topic, e, ct);
        }
    }

    private async ValueTask AttemptAsync(
        PubSubMessage message, string topic, string path, ReadOnlyMemory<byte> body, EventHeader header, CancellationToken ct)
    {
        var span = header.TraceParent is null ? null : context.Tracing.StartConsumer("pubsub/" + topic, header.TraceParent, header.TraceState);
        var started = Stopwatch.GetTimestamp();
        var status = 0;
        var outcome = "retry";
        try
        {
            var (code, answer) = await app.PostAsync(
                path, body, ContentTypes.CloudEvent, target.Name, message.Metadata, span, ct);
            status = (int)code;
            var verdict = status switch
            {
                >= 200 and <= 299 => AppAnswer.Read(answer),
                404 => AppVerdict.Drop,
                _ => AppVerdict.Retry,
            };
            switch (verdict)
            {
                case AppVerdict.Success:
                    outcome = "success";
                    return;
                case AppVerdict.Drop:
                    outcome = "drop";
                    log.LogWarning("pub/sub event {Id} was dropped by the app (status code {Status})", header.Id, status);
                    if (deadLetters.Exist && !await deadLetters.SendAsync(message, ct))
                    {
                        throw new InvalidOperationException("the dropped message could not be dead-lettered");
                    }

                    return;
                default:
                    throw status is >= 200 and <= 299
                        ? new AppFailedException($"RETRY status returned from app while processing pub/sub event {header.Id}")
                        : new StatusException(status, $"retriable error returned from app while processing pub/sub event {header.Id}. status code returned: {status}");
            }
        }
        finally
        {
            context.Tracing.End(span, status);
            context.Metrics.PubSubIngress(
                target.Name, topic, outcome, outcome == "drop" && status != 404 ? "success" : "", Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private async ValueTask<DeliveryOutcome> DropAsync(PubSubMessage message, string topic, string status, CancellationToken ct)
    {
        context.Metrics.PubSubIngress(target.Name, topic, "drop", status, 0);
        await deadLetters.SendAsync(message, ct);
        return DeliveryOutcome.Done;
    }

    private async ValueTask<DeliveryOutcome> FailAsync(PubSubMessage message, string topic, Exception error, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return DeliveryOutcome.Kept;
        }

        if (error is CelException or FormatException)
        {
            log.LogError("event in pubsub {Pubsub} and topic {Topic} cannot be delivered: {Reason}", target.Name, topic, error.Message);
        }
        else
        {
            log.LogWarning("delivery in pubsub {Pubsub} and topic {Topic} failed: {Reason}", target.Name, topic, error.Message);
        }

        try
        {
            var isDead = await deadLetters.SendAsync(message, ct);
            context.Metrics.PubSubIngress(target.Name, topic, isDead ? "drop" : "retry", "", 0);
            return isDead ? DeliveryOutcome.Done : DeliveryOutcome.Failed;
        }
        catch (OperationCanceledException)
        {
            return DeliveryOutcome.Kept;
        }
    }

    private string Topic(PubSubMessage message) =>
        message.Topic.StartsWith(target.TopicPrefix, StringComparison.Ordinal) ? message.Topic[target.TopicPrefix.Length..] : message.Topic;
}

/// <summary>The app asked for another attempt.</summary>
internal sealed class AppFailedException(string message) : Exception(message);
