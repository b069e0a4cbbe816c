using System.Diagnostics;
using System.Text.Json.Nodes;
using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.PubSub;

/// <summary><c>POST /v1.0/publish/bulk/{pubsub}/{topic}</c>.</summary>
internal sealed class BulkPublishRequests(SidecarContext context, PubSubTargets targets, Publisher publisher)
{
    public async Task PublishAsync(ApiCall call)
    {
        var (name, topic) = (call["pubsub"], call["topic"]);
        var metadata = call.Metadata();
        if (!targets.TryGet(name, out var target))
        {
            throw PubSubErrors.NotFound(name, metadata);
        }

        var isRaw = PublishRequests.IsRaw(name, metadata);
        var entries = await ReadAsync(call, name, topic, metadata);
        var spans = new List<Activity>();
        var status = 204;
        try
        {
            var messages = entries.Select(entry => new PubSubMessage(
                topic, isRaw ? entry.Data : Event(call, target, topic, entry, spans), isRaw ? entry.ContentType : null, entry.Metadata)).ToList();
            await SendAsync(call, target, topic, entries, messages);
            status = call.Http.Response.StatusCode;
        }
        catch (ApiException e)
        {
            status = e.Status;
            throw;
        }
        finally
        {
            spans.ForEach(span => context.Tracing.End(span, status));
        }
    }

    private async Task<IReadOnlyList<BulkEntry>> ReadAsync(
        ApiCall call, string name, string topic, IReadOnlyDictionary<string, string> metadata)
    {
        byte[] body;
        try
        {
            body = await call.ReadBodyAsync();
        }
        catch (IOException e)
        {
            throw PubSubErrors.Unmarshal(name, topic, context.AppId, e.Message);
        }

        try
        {
            return BulkEntry.ReadAll(body, metadata);
        }
        catch (BulkEntryException e)
        {
            throw e.Fault switch
            {
                BulkEntryFault.NotReadable => PubSubErrors.Unmarshal(name, topic, context.AppId, e.Message),
                BulkEntryFault.ContentType => PubSubErrors.Envelope(name, topic, context.AppId, e.Message),
                _ => PubSubErrors.Events(name, topic, context.AppId, e.Message),
            };
        }
    }

    private ReadOnlyMemory<byte> Event(ApiCall call, PubSubTarget target, string topic, BulkEntry entry, List<Activity> spans)
    {
        var span = context.Tracing.StartChild(ApiRequest.Of(call.Http)?.Span, call.Http.Request.Path, ActivityKind.Producer);
        if (span is not null)
        {
            spans.Add(span);
        }

        var origin = new EventOrigin(context.AppId, target.Name, topic, target.Component.HasNativeTtl, context.Clock);
        var trace = TraceFields.Of(span);
        try
        {
            return ContentTypes.IsCloudEvent(entry.ContentType)
                ? Envelope.Complete(origin, entry.Data.Span, entry.Metadata, trace)
                : Envelope.Wrap(origin, entry.Data.Span, entry.ContentType, entry.Metadata, trace);
        }
        catch (FormatException e)
        {
            throw PubSubErrors.CloudEvent(target.Name, context.AppId, e.Message);
        }
    }

    private async Task SendAsync(
        ApiCall call, PubSubTarget target, string topic, IReadOnlyList<BulkEntry> entries, List<PubSubMessage> messages)
    {
        var started = Stopwatch.GetTimestamp();
        var published = 0;
        Exception?[] errors;
        try
        {
            errors = await publisher.PublishBulkAsync(target, topic, messages, call.Aborted);
            published = errors.Count(error => error is null);
        }
        catch (TopicNotAllowedException)
        {
            throw PubSubErrors.Forbidden(target.Name, topic, context.AppId);
        }
        finally
        {
            context.Metrics.PubSubBulkEgress(
                target.Name, topic, published == messages.Count, published, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        if (published == messages.Count)
        {
            call.NoContent();
            return;
        }

        var failed = new JsonArray();
        for (var i = 0; i < errors.Length; i++)
        {
            if (errors[i] is { } error)
            {
                failed.Add(new JsonObject { ["entryId"] = entries[i].EntryId, ["error"] = error.Message });
            }
        }

        var answer = new JsonObject { ["failedEntries"] = failed, ["errorCode"] = "ERR_PUBSUB_PUBLISH_MESSAGE" };
        var first = errors.First(error => error is not null)!.Message; // not all were published
        call.Http.Response.Headers["metadata.responseData"] = Header(answer.ToJsonString(JsonText.Options));
        call.Http.Response.Headers["metadata.error"] = Header($"api error: code = Internal desc = error when publishing to topic {topic} in pubsub {target.Name}: {first}");
        await call.JsonAsync(answer, 500);
    }

    /// <summary>A header takes no line breaks and nothing but ASCII.</summary>
    private static string Header(string text) => new(text.Select(c => c is >= ' ' and < (char)0x7F ? c : ' ').ToArray());
}
