using System.Text.Json;

namespace DaprMesh.Testing;

/// <summary>Stands between a sidecar and its app: records the deliveries of events and does to them what the fault switches say.</summary>
internal sealed class DeliveryHandler(string appId, EventRecorder events, Faults faults, TimeProvider clock, HttpMessageHandler inner) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _inner = new(inner, disposeHandler: false);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (faults.IsCutOff(appId))
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{appId} is cut off");
        }

        // The sidecar says with every event which component it comes from, and with nothing else.
        if (request.Method != HttpMethod.Post || request.Content is null || !request.Headers.NonValidated.TryGetValues("pubsubName", out var pubsub))
        {
            return await _inner.SendAsync(request, cancellationToken);
        }

        var body = await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var delivery = Read(request, pubsub.ToString(), body);
        return await faults.DeliverAsync(
            delivery,
            async ct =>
            {
                using var copy = Copy(request, body);
                int? status = null;
                try
                {
                    var response = await _inner.SendAsync(copy, ct);
                    await response.Content.LoadIntoBufferAsync(ct);
                    status = (int)response.StatusCode;
                    return response;
                }
                finally
                {
                    events.Add(delivery.Select(each => each with { Status = status, At = clock.GetUtcNow() }));
                }
            },
            () => events.Add(delivery.Select(each => each with { At = clock.GetUtcNow() })),
            cancellationToken);
    }

    /// <summary>One event, or each of a bulk delivery.</summary>
    private IReadOnlyList<DeliveredEvent> Read(HttpRequestMessage request, string pubsub, byte[] body)
    {
        var content = EventContent.Of(body);
        var path = request.RequestUri?.AbsolutePath ?? "/";
        var json = content.Id is null ? content.Data : JsonSerializer.Deserialize<JsonElement>(body);
        var topic = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("topic", out var named) ? named.GetString() ?? "" : "";
        return content.Id is null && json.ValueKind == JsonValueKind.Object && json.TryGetProperty("entries", out var entries)
            ? [.. entries.EnumerateArray().Select(entry => entry.GetProperty("event")).Select(each =>
                new DeliveredEvent(appId, pubsub, topic, path, EventContent.Of(each, JsonSerializer.SerializeToUtf8Bytes(each)), null, default))]
            : [new DeliveredEvent(appId, pubsub, topic, path, content, null, default)];
    }

    /// <summary>A request of its own for every attempt, as a delivery may be made twice.</summary>
    private static HttpRequestMessage Copy(HttpRequestMessage request, byte[] body)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = new ByteArrayContent(body), Version = request.Version };
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            copy.Headers.TryAddWithoutValidation(name, values);
        }

        foreach (var (name, values) in request.Content!.Headers.NonValidated) // what is copied has content
        {
            copy.Content.Headers.TryAddWithoutValidation(name, values);
        }

        return copy;
    }
}
