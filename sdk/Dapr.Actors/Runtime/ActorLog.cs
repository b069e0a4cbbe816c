using Microsoft.Extensions.Logging;

namespace Dapr.Actors.Runtime;

internal static partial class ActorLog
{
    [LoggerMessage(LogLevel.Debug, "Activating actor {ActorType} {ActorId}")]
    public static partial void Activating(this ILogger logger, string actorType, string actorId);

    [LoggerMessage(LogLevel.Debug, "Deactivating actor {ActorType} {ActorId}")]
    public static partial void Deactivating(this ILogger logger, string actorType, string actorId);

    [LoggerMessage(LogLevel.Warning, "{Method} of actor {ActorType} {ActorId} threw, told to its caller as {FaultId}")]
    public static partial void MethodThrew(
        this ILogger logger, Exception exception, string method, string actorType, string actorId, Guid faultId);
}
