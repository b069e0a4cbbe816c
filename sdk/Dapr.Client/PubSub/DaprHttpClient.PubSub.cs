using System.Globalization;
using System.Net;
using System.Text.Json;
using Dapr.Common;

namespace Dapr.Client;

internal sealed partial class DaprHttpClient
{
    private const string PublishOperation = "Publish";
    private const string Json = "application/json";
    private const string CloudEventsJson = "application/cloudevents+json";
    private const string OctetStream = "application/octet-stream";

    public override Task PublishEventAsync(string pubsubName, string topicName, CancellationToken cancellationToken = default) =>
        PublishAsync(pubsubName, topicName, content: null, metadata: null, cancellationToken);

    public override Task PublishEventAsync(string pubsubName, string topicName, Dictionary<string, string> metadata, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return PublishAsync(pubsubName, topicName, content: null, metadata, cancellationToken);
    }

    public override Task PublishEventAsync<TData>(string pubsubName, string topicName, TData data, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return PublishAsync(pubsubName, topicName, EventContent(data), metadata: null, cancellationToken);
    }

    public override Task PublishEventAsync<TData>(string pubsubName, string topicName, TData data, Dictionary<string, string> metadata, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(metadata);
        return PublishAsync(pubsubName, topicName, EventContent(data), metadata, cancellationToken);
    }

    public override Task PublishByteEventAsync(string pubsubName, string topicName, ReadOnlyMemory<byte> data, string dataContentType = Json, Dictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        var content = new ReadOnlyMemoryContent(data);
        content.Headers.TryAddWithoutValidation("Content-Type", dataContentType ?? Json);
        return PublishAsync(pubsubName, topicName, content, metadata, cancellationToken);
    }

    public override async Task<BulkPublishResponse<TValue>> BulkPublishEventAsync<TValue>(string pubsubName, string topicName, IReadOnlyList<TValue> events, Dictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        CheckTopic(pubsubName, topicName);
        ArgumentNullException.ThrowIfNull(events);

        var body = _bodies.Create((events, metadata, options: JsonSerializerOptions), static (json, state) =>
        {
            json.WriteStartArray();
            for (var i = 0; i < state.events.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("entryId"u8, EntryId(i));
                json.WritePropertyName("event"u8);
                JsonSerializer.Serialize(json, state.events[i], state.options); // bytes become base64, as the API wants them
                json.WriteString("contentType"u8, ContentType(state.events[i]));
                // The call's own metadata reaches only entries that have some.
                if (state.metadata is { Count: > 0 })
                    StateJson.WriteMap(json, "metadata"u8, state.metadata);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

        var path = $"/v1.0/publish/bulk/{Uri.EscapeDataString(pubsubName)}/{Uri.EscapeDataString(topicName)}";
        using var request = _http.Request(HttpMethod.Post, ApiPath.WithMetadata(path, metadata), body);
        using var response = await _http.SendAsync(request, PublishOperation, cancellationToken);
        if (response.IsSuccessStatusCode)
            return new BulkPublishResponse<TValue>([]);

        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (response.StatusCode == HttpStatusCode.InternalServerError && FailedEntries(answer, events, metadata) is { } failed)
            return new BulkPublishResponse<TValue>(failed);

        var error = SidecarError.Parse(response.StatusCode, answer);
        throw new DaprApiException($"Publish operation failed: {error}", error.ErrorCode, isTransient: false) { ExtendedErrorInfo = error.Info };
    }

    private async Task PublishAsync(string pubsubName, string topicName, HttpContent? content, Dictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        CheckTopic(pubsubName, topicName);
        var path = ApiPath.WithMetadata(ApiPath.Publish(pubsubName, topicName), metadata);
        await _http.CallAsync(HttpMethod.Post, path, content, PublishOperation, cancellationToken);
    }

    private ByteArrayContent EventContent<TData>(TData data) =>
        JsonBodies.Content(JsonSerializer.SerializeToUtf8Bytes(data, JsonSerializerOptions), data is CloudEvent ? CloudEventsJson : Json);

    private static string ContentType<TValue>(TValue value) => value switch
    {
        byte[] => OctetStream,
        CloudEvent => CloudEventsJson,
        _ => Json,
    };

    private static List<BulkPublishResponseFailedEntry<TValue>>? FailedEntries<TValue>(byte[] answer, IReadOnlyList<TValue> events, Dictionary<string, string>? metadata)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("failedEntries"u8, out var entries) || entries.ValueKind != JsonValueKind.Array)
                return null;

            var failed = new List<BulkPublishResponseFailedEntry<TValue>>(entries.GetArrayLength());
            foreach (var entry in entries.EnumerateArray())
            {
                var id = entry.GetProperty("entryId"u8).GetString() ?? "";
                if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= events.Count)
                    continue;
                var value = events[index];
                failed.Add(new(new BulkPublishEntry<TValue>(id, value, ContentType(value), metadata), entry.TryGetProperty("error"u8, out var error) ? error.ToString() : ""));
            }

            return failed;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string EntryId(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static void CheckTopic(string pubsubName, string topicName)
    {
        ArgumentException.ThrowIfNullOrEmpty(pubsubName);
        ArgumentException.ThrowIfNullOrEmpty(topicName);
    }
}
