using System.Diagnostics;
using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.PubSub;

/// <summary><c>POST /v1.0/publish/{pubsub}/{topic}</c>.</summary>
internal sealed class PublishRequests(SidecarContext context, PubSubTargets targets, Publisher publisher)
{
    public async Task PublishAsync(ApiCall call)
    {
        var (name, topic) = (call["pubsub"], call["topic"]);
        var metadata = call.Metadata();
        if (!targets.TryGet(name, out var target))
        {
            throw PubSubErrors.NotFound(name, metadata);
        }

        byte[] body;
        try
        {
            body = await call.ReadBodyAsync();
        }
        catch (IOException e)
        {
            throw PubSubErrors.Publish(name, topic, e.Message);
        }

        var data = IsRaw(name, metadata) ? body : Event(call, target, topic, body, metadata);
        var started = Stopwatch.GetTimestamp();
        var success = false;
        try
        {
            await publisher.PublishAsync(target, new PubSubMessage(topic, data, null, metadata), call.Aborted);
            success = true;
        }
        catch (TopicNotAllowedException)
        {
            throw PubSubErrors.Forbidden(name, topic, context.AppId);
        }
#pragma warning disable CA1031 // Whatever a component meets is this API's answer.
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            throw PubSubErrors.Publish(name, topic, e.Message);
        }
        finally
        {
            context.Metrics.PubSubEgress(name, topic, success, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        call.NoContent();
    }

    public static bool IsRaw(string pubsub, IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return MessageMetadata.IsRaw(metadata);
        }
        catch (FormatException e)
        {
            throw PubSubErrors.RequestMetadata(pubsub, metadata, e.Message);
        }
    }

    private ReadOnlyMemory<byte> Event(
        ApiCall call, PubSubTarget target, string topic, byte[] body, IReadOnlyDictionary<string, string> metadata)
    {
        var origin = new EventOrigin(context.AppId, target.Name, topic, target.Component.HasNativeTtl, context.Clock);
        var trace = TraceFields.Of(ApiRequest.Of(call.Http)?.Span);
        var contentType = call.Http.Request.ContentType;
        if (contentType is null || !ContentTypes.IsCloudEvent(contentType))
        {
            return Envelope.Wrap(origin, body, contentType, metadata, trace);
        }

        try
        {
            return Envelope.Complete(origin, body, metadata, trace);
        }
        catch (FormatException e)
        {
            throw PubSubErrors.CloudEvent(target.Name, context.AppId, e.Message);
        }
    }
}
