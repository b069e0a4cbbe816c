using System.Text.Json.Nodes;
using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>The answers of the publishing API that are no success.</summary>
internal static class PubSubErrors
{
    public static ApiException NotFound(string pubsub, IReadOnlyDictionary<string, string> metadata) =>
        ApiException.Rich(404, "ERR_PUBSUB_NOT_FOUND", $"pubsub {pubsub} is not found", "DAPR_PUBSUB_NOT_FOUND", metadata);

    public static ApiException Forbidden(string pubsub, string topic, string appId)
    {
        var message = $"topic {topic} is not allowed for app id {appId}";
        return Build(403, "ERR_PUBSUB_FORBIDDEN", message, "DAPR_PUBSUB_FORBIDDEN", pubsub, TopicError(topic, message));
    }

    public static ApiException RequestMetadata(string pubsub, IReadOnlyDictionary<string, string> metadata, string reason) => Build(
        400, "ERR_PUBSUB_REQUEST_METADATA", $"failed deserializing metadata. Error: {reason}", "DAPR_PUBSUB_METADATA_DESERIALIZATION", pubsub, metadata);

    public static ApiException CloudEvent(string pubsub, string appId, string reason) => Build(
        500, "ERR_PUBSUB_CLOUD_EVENTS_SER", "cannot create cloudevent", "DAPR_PUBSUB_CLOUD_EVENT_CREATION", pubsub, AppError(appId, reason));

    public static ApiException Envelope(string pubsub, string topic, string appId, string reason) => Build(
        400, "ERR_PUBSUB_EVENTS_SER", $"error when marshalling cloud event envelope for topic {topic} pubsub {pubsub}: {reason}",
        "DAPR_PUBSUB_MARSHAL_ENVELOPE", pubsub, AppError(appId, reason));

    public static ApiException Events(string pubsub, string topic, string appId, string reason) => Build(
        400, "ERR_PUBSUB_EVENTS_SER", $"error marshaling events to bytes for topic {topic} pubsub {pubsub}. error: {reason}",
        "DAPR_PUBSUB_MARSHAL_EVENTS", pubsub, AppError(appId, reason));

    public static ApiException Unmarshal(string pubsub, string topic, string appId, string reason) => Build(
        400, "ERR_PUBSUB_EVENTS_SER", $"error when unmarshaling the request for topic {topic} pubsub {pubsub}: {reason}",
        "DAPR_PUBSUB_UNMARSHAL_EVENTS", pubsub, new Dictionary<string, string> { ["appID"] = appId });

    public static ApiException Publish(string pubsub, string topic, string reason) => Build(
        500, "ERR_PUBSUB_PUBLISH_MESSAGE", $"error when publishing to topic {topic} in pubsub {pubsub}: {reason}",
        "DAPR_PUBSUB_PUBLISH_MESSAGE", pubsub, TopicError(topic, reason));

    private static ApiException Build(
        int status, string code, string message, string reason, string pubsub, IReadOnlyDictionary<string, string> metadata) =>
        ApiException.Rich(status, code, message, reason, metadata, Resource(pubsub, message));

    private static JsonObject Resource(string pubsub, string message) => ApiException.ResourceInfo("pubsub", pubsub, message);

    private static Dictionary<string, string> TopicError(string topic, string error) => new() { ["topic"] = topic, ["error"] = error };

    private static Dictionary<string, string> AppError(string appId, string error) => new() { ["appID"] = appId, ["error"] = error };
}

/// <summary>The component's scopes do not let this app use the topic.</summary>
internal sealed class TopicNotAllowedException(string topic, string appId)
    : Exception($"topic {topic} is not allowed for app id {appId}");
