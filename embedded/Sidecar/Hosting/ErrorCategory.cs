namespace DaprMesh.Sidecar.Hosting;

/// <summary>The <c>category</c> label of daprd's error code metric.</summary>
internal static class ErrorCategory
{
    private static readonly (string Prefix, string Category)[] Prefixes =
    [
        ("ERR_STATE", "state"), ("ERR_NOT_SUPPORTED_STATE", "state"), ("DAPR_STATE", "state"),
        ("ERR_PUBSUB", "pubsub"), ("ERR_TOPIC", "pubsub"), ("ERR_PUBLISH_OUTBOX", "pubsub"), ("DAPR_PUBSUB", "pubsub"),
        ("ERR_ACTOR", "actor"), ("ERR_SECRET", "secret"), ("ERR_PERMISSION", "secret"), ("ERR_CONFIGURATION", "configuration"),
        ("ERR_LOCK", "lock"), ("ERR_TRY_LOCK", "lock"), ("ERR_UNLOCK", "lock"), ("ERR_INVOKE_OUTPUT_BINDING", "binding"),
        ("ERR_DIRECT_INVOKE", "service-invocation"), ("ERR_HEALTH", "health"), ("ERR_OUTBOUND_HEALTH", "health"),
        ("DAPR_SCHEDULER", "job"), ("ERR_WORKFLOW", "workflow"), ("ERR_START_WORKFLOW", "workflow"), ("ERR_METADATA", "metadata"),
    ];

    public static string Of(string errorCode)
    {
        foreach (var (prefix, category) in Prefixes)
        {
            if (errorCode.StartsWith(prefix, StringComparison.Ordinal))
            {
                return category;
            }
        }

        return "common";
    }
}
