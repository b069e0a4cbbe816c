using System.Text.Json.Nodes;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.State;

/// <summary>The state API's refusals in daprd's words.</summary>
internal static class StateApiErrors
{
    private const string Malformed = "ERR_MALFORMED_REQUEST";

    public static ApiException NotConfigured(string store, string? appId) => ApiException.Rich(
        500, "ERR_STATE_STORE_NOT_CONFIGURED", $"state store {store} is not configured", "DAPR_STATE_NOT_CONFIGURED", App(appId));

    public static ApiException NotFound(string store, string? appId) => ApiException.Rich(
        400, "ERR_STATE_STORE_NOT_FOUND", $"state store {store} is not found", "DAPR_STATE_NOT_FOUND", App(appId));

    public static ApiException QueryUnsupported(string store) => ApiException.Rich(
        500, "ERR_STATE_STORE_NOT_SUPPORTED", "state store does not support querying", "DAPR_STATE_QUERYING_NOT_SUPPORTED", null,
        ApiException.ResourceInfo("state", store));

    /// <param name="field">The key, but nothing inside a transaction.</param>
    public static ApiException IllegalKey(string store, string key, string? field)
    {
        var message = $"api error: code = InvalidArgument desc = {StateSettings.IllegalKey(key)}";
        var violation = new JsonObject { ["description"] = message };
        if (field is not null)
        {
            violation.Insert(0, "field", field);
        }

        var badRequest = ApiException.BadRequest("", message);
        badRequest["field_violations"] = new JsonArray(violation);
        return ApiException.Rich(
            400, Malformed, message, "DAPR_STATE_ILLEGAL_KEY", null, badRequest, ApiException.ResourceInfo("state", store));
    }

    public static ApiException MalformedRequest(string message) => new(400, Malformed, message);

    public static ApiException MalformedBody(string message) => new(400, Malformed, $"failed deserializing HTTP body: {message}");

    public static ApiException Get(string store, string key, Exception e) =>
        new(500, "ERR_STATE_GET", $"fail to get {key} from state store {store}: {Reason(e)}");

    public static ApiException BulkGet(Exception e) => new(500, "ERR_STATE_BULK_GET", Reason(e));

    public static ApiException Save(string store, Exception e) =>
        new(Status(e), "ERR_STATE_SAVE", $"failed saving state in state store {store}: {Reason(e)}");

    public static ApiException Delete(string key, Exception e) =>
        new(Status(e), "ERR_STATE_DELETE", $"failed deleting state with key {key}: {Reason(e)}");

    public static ApiException Transaction(Exception e) =>
        new(500, "ERR_STATE_TRANSACTION", $"error while executing state transaction: {Reason(e)}");

    /// <summary>What a component's failure is called in an answer.</summary>
    public static string Reason(Exception e) => e switch
    {
        PermanentException { InnerException: { } inner } => Reason(inner),
        TimeoutException => "context deadline exceeded",
        OperationCanceledException => "context canceled",
        _ => e.Message,
    };

    private static int Status(Exception e) => e switch
    {
        PermanentException { InnerException: { } inner } => Status(inner),
        ETagMismatchException => 409,
        _ => 500,
    };

    private static Dictionary<string, string>? App(string? appId) =>
        string.IsNullOrEmpty(appId) ? null : new(StringComparer.Ordinal) { ["appID"] = appId };
}
