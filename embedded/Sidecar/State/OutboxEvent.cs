using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprMesh.Sidecar.Json;

namespace DaprMesh.Sidecar.State;

/// <summary>The CloudEvent that says what an upsert wrote.</summary>
internal static class OutboxEvent
{
    /// <param name="id">The key of the event's marker.</param>
    /// <param name="projection">What the event says in place of what is stored.</param>
    public static JsonObject Build(
        string id, string appId, string pubsub, TransactionOperation operation, TransactionOperation? projection, DateTimeOffset now)
    {
        var payload = projection ?? operation;
        var contentType = payload.ContentType ?? payload.Metadata.GetValueOrDefault("contentType") ?? "";
        var cloudEvent = new JsonObject
        {
            ["data"] = Data(payload.Value, contentType),
            ["datacontenttype"] = contentType.Length > 0 ? contentType : "text/plain",
            ["id"] = id,
            ["pubsubname"] = pubsub,
            ["source"] = appId,
            ["specversion"] = "1.0",
            ["time"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["topic"] = "",
            ["traceid"] = "",
            ["traceparent"] = "",
            ["tracestate"] = "",
            ["type"] = "com.dapr.event.sent",
        };
        foreach (var (name, value) in operation.Metadata)
        {
            if (name is not ("data" or "id"))
            {
                cloudEvent[name] = value;
            }
        }

        return cloudEvent;
    }

    public static byte[] Bytes(JsonObject cloudEvent) => GoJson.Reencode(JsonSerializer.SerializeToUtf8Bytes((JsonNode)cloudEvent));

    /// <summary>daprd looks at the content type alone; what is not called JSON becomes text in Go's own notation.</summary>
    private static JsonNode? Data(ReadOnlyMemory<byte> value, string contentType) =>
        contentType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            ? JsonNode.Parse(value.Span)
            : JsonValue.Create(GoValue.Format(value));
}
