namespace DaprMesh.Gateway;

internal static partial class GatewayLog
{
    [LoggerMessage(1, LogLevel.Warning, "The sidecar got no answer of {App}: {Error}")]
    public static partial void NoAnswer(this ILogger log, string app, string error);

    [LoggerMessage(2, LogLevel.Warning, "The sidecar cannot be reached")]
    public static partial void NoSidecar(this ILogger log, Exception error);

    [LoggerMessage(3, LogLevel.Warning, "The state store {Store} gives no limits: until it does, this replica limits on its own")]
    public static partial void LimitsAreLocal(this ILogger log, string store, Exception error);

    [LoggerMessage(4, LogLevel.Information, "The state store {Store} gives limits again: replicas share them")]
    public static partial void LimitsAreShared(this ILogger log, string store);

    [LoggerMessage(5, LogLevel.Warning, "No instance of {App} takes the upgrade at {Address}")]
    public static partial void NoUpgrade(this ILogger log, string app, string address, Exception error);
}
