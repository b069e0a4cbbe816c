using System.Text.Json.Nodes;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>
/// An answer of the Dapr API that is not a success: status, <c>errorCode</c>, message and, for the rich shape, details.
/// Thrown anywhere under a route and written onceby the server.
/// </summary>
public sealed class ApiException(int status, string errorCode, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string ErrorCode { get; } = errorCode;

    /// <summary>The members of <c>details</c>, ErrorInfo last; null for the legacy shape.</summary>
    public IReadOnlyList<JsonObject>? Details { get; private init; }

    /// <summary>Headers the answer carries beside its body.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The rich shape of Dapr's errors (google.rpc.Status with details).</summary>
    /// <param name="reason">ErrorInfo.reason, such as <c>DAPR_STATE_NOT_FOUND</c>; also the errorCode when that is null.</param>
    /// <param name="metadata">ErrorInfo.metadata; null is written as <c>null</c>.</param>
    /// <param name="leading">BadRequest, Help and ResourceInfo details, in that order.</param>
    public static ApiException Rich(
        int status, string? errorCode, string message, string reason,
        IReadOnlyDictionary<string, string>? metadata, params JsonObject[] leading) =>
        new(status, errorCode ?? reason, message) { Details = [.. leading, ErrorInfo(reason, metadata)] };

    public static JsonObject ResourceInfo(string type, string name, string description = "") => new()
    {
        ["@type"] = "type.googleapis.com/google.rpc.ResourceInfo",
        ["description"] = description,
        ["owner"] = "",
        ["resource_name"] = name,
        ["resource_type"] = type,
    };

    public static JsonObject BadRequest(string field, string description) => new()
    {
        ["@type"] = "type.googleapis.com/google.rpc.BadRequest",
        ["field_violations"] = new JsonArray(new JsonObject { ["field"] = field, ["description"] = description }),
    };

    public static JsonObject Help(string description, string url) => new()
    {
        ["@type"] = "type.googleapis.com/google.rpc.Help",
        ["links"] = new JsonArray(new JsonObject { ["description"] = description, ["url"] = url }),
    };

    public JsonObject ToJson()
    {
        var body = new JsonObject { ["errorCode"] = ErrorCode, ["message"] = Message };
        if (Details is not null)
        {
            body["details"] = new JsonArray([.. Details.Select(detail => detail.DeepClone())]);
        }

        return body;
    }

    private static JsonObject ErrorInfo(string reason, IReadOnlyDictionary<string, string>? metadata) => new()
    {
        ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
        ["domain"] = "dapr.io",
        ["metadata"] = metadata is null
            ? null
            : new JsonObject(metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["reason"] = reason,
    };
}
