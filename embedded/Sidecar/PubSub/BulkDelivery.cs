using System.Diagnostics;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.PubSub.Cel;
using DaprMesh.Sidecar.Resiliency;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>Brings one subscription's messages to the app in batches: one call for each path the rules choose.</summary>
internal sealed class BulkDelivery(
    SidecarContext context, PubSubTarget target, Subscription subscription, RouteSelector routes, AppDelivery app, DeadLetters deadLetters, ILogger log)
{
    public async ValueTask<IReadOnlyList<DeliveryOutcome>> HandleAsync(IReadOnlyList<PubSubMessage> messages, CancellationToken ct)
    {
        var items = messages.Select(message => new BulkItem(message)).ToList();
        foreach (var item in items)
        {
            await RouteAsync(item, ct);
        }

        try
        {
            foreach (var batch in items.Where(item => item.Path is not null).GroupBy(item => item.Path!, StringComparer.Ordinal)) // the filter says so
            {
                await PostAsync(batch.Key, [.. batch], ct);
            }

            foreach (var item in items.Where(item => item.Outcome == DeliveryOutcome.Failed))
            {
                item.Outcome = await deadLetters.SendAsync(item.Message, ct) ? DeliveryOutcome.Done : DeliveryOutcome.Failed;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            items.ForEach(item => item.Outcome = item.Outcome == DeliveryOutcome.Done ? DeliveryOutcome.Done : DeliveryOutcome.Kept);
        }

        return items.ConvertAll(item => item.Outcome);
    }

    /// <summary>Gives the item its path, or its end when it has none.</summary>
    private async ValueTask RouteAsync(BulkItem item, CancellationToken ct)
    {
        var data = item.Message.Data;
        try
        {
            item.IsRaw = MessageMetadata.IsRaw(subscription.Metadata);
            if (!item.IsRaw)
            {
                if (!EventHeader.TryRead(data.Span, out var header))
                {
                    throw new FormatException("error deserializing one of the messages in bulk cloud event");
                }

                item.Header = header;
            }

            if (item.Header.Expiration >= context.Clock.GetUtcNow() || item.Header.Expiration is null)
            {
                item.Path = routes.Select(data.Span);
            }

            if (item.Path is null)
            {
                item.Outcome = DeliveryOutcome.Done;
                context.Metrics.PubSubBulkIngress(target.Name, subscription.Topic, "drop", 1, 0);
                await deadLetters.SendAsync(item.Message, ct);
            }
        }
        catch (Exception e) when (e is CelException or FormatException)
        {
            log.LogError("event in pubsub {Pubsub} and topic {Topic} cannot be delivered: {Reason}", target.Name, subscription.Topic, e.Message);
        }
    }

    private async ValueTask PostAsync(string path, List<BulkItem> batch, CancellationToken ct)
    {
        var open = batch;
        try
        {
            await target.Inbound.RunAsync(
                async attempt =>
                {
                    await AttemptAsync(path, open, attempt);
                    open = open.FindAll(item => item.Outcome == DeliveryOutcome.Failed);
                    return open.Count == 0 ? true : throw new AppFailedException("RETRY required for a part of the batch");
                },
                ct);
        }
#pragma warning disable CA1031 // What a batch meets stands in its items' outcomes.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LogWarning("bulk delivery in pubsub {Pubsub} and topic {Topic} failed: {Reason}", target.Name, subscription.Topic, e.Message);
        }

        ct.ThrowIfCancellationRequested();
    }

    private async ValueTask AttemptAsync(string path, List<BulkItem> batch, CancellationToken ct)
    {
        var spans = batch.Select(item => item.Header.TraceParent is { } parent
            ? context.Tracing.StartConsumer("pubsub/" + subscription.Topic, parent, item.Header.TraceState)
            : null).ToList();
        var started = Stopwatch.GetTimestamp();
        var status = 0;
        try
        {
            var (code, answer) = await app.PostAsync(
                path, BulkEnvelope.Write(target.Name, subscription.Topic, batch), "application/json", target.Name, MessageMetadata.Absent, spans.FindLast(span => span is not null), ct);
            status = (int)code;
            if (status is >= 200 and <= 299)
            {
                var verdicts = AppAnswer.ReadBulk(answer) ?? [];
                foreach (var item in batch)
                {
                    await SettleAsync(item, verdicts.GetValueOrDefault(item.EntryId, AppVerdict.Retry), ct);
                }
            }
            else if (status == 404)
            {
                batch.ForEach(item => item.Outcome = DeliveryOutcome.Done); // dropped, and not dead-lettered
            }
            else
            {
                throw new StatusException(status, $"retriable error returned from app while processing bulk pub/sub event. status code returned: {status}");
            }
        }
        finally
        {
            var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            foreach (var group in batch.GroupBy(item => status == 404 ? "drop" : item.Outcome == DeliveryOutcome.Done ? "success" : "retry"))
            {
                context.Metrics.PubSubBulkIngress(target.Name, subscription.Topic, group.Key, group.Count(), elapsed);
            }

            spans.ForEach(span => context.Tracing.End(span, status));
        }
    }

    private async ValueTask SettleAsync(BulkItem item, AppVerdict verdict, CancellationToken ct)
    {
        switch (verdict)
        {
            case AppVerdict.Success:
                item.Outcome = DeliveryOutcome.Done;
                break;
            case AppVerdict.Drop:
                log.LogWarning("DROP status returned from app while processing pub/sub event {Id}", item.EntryId);
                item.Outcome = DeliveryOutcome.Done;
                await deadLetters.SendAsync(item.Message, ct);
                break;
            default:
                break;
        }
    }
}
