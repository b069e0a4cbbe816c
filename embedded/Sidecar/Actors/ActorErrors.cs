using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Actors;

/// <summary>The answers of the actor API that are not a success.</summary>
internal static class ActorErrors
{
    public static ApiException BadRequest(string reason) => new(400, "ERR_BAD_REQUEST", $"invalid request: {reason}");

    public static ApiException Malformed(string reason) => new(400, "ERR_MALFORMED_REQUEST", $"failed deserializing HTTP body: {reason}");

    public static ApiException NoPlacement() => new(400, "ERR_ACTOR_NO_PLACEMENT", "placement service is not configured");

    public static ApiException Closed() => new(503, "ERR_ACTOR_RUNTIME_CLOSED", "actor runtime is closed");

    public static ApiException Reserved(string type) => new(
        403, "ERR_ACTOR_TYPE_RESERVED",
        $"actor type \"{type}\" is reserved for the Dapr workflow runtime; direct actor API access is not permitted");

    public static ApiException Invoke(string reason) => new(500, "ERR_ACTOR_INVOKE_METHOD", $"error invoke actor method: {reason}");

    public static ApiException StackDepth() => new(500, "ERR_ACTOR_STACK_DEPTH", "maximum stack depth exceeded");

    public static ApiException InstanceMissing() => new(400, "ERR_ACTOR_INSTANCE_MISSING", "actor instance is missing");

    public static ApiException StateGet(string reason) => new(500, "ERR_ACTOR_STATE_GET", $"error getting actor state: {reason}");

    public static ApiException StateSave(string reason) =>
        new(500, "ERR_ACTOR_STATE_TRANSACTION_SAVE", $"error saving actor transaction state: {reason}");

    public static ApiException TimerCreate(string reason) => new(500, "ERR_ACTOR_TIMER_CREATE", $"error creating actor timer: {reason}");

    public static ApiException ReminderCreate(string reason) => new(500, "ERR_ACTOR_REMINDER_CREATE", $"error creating actor reminder: {reason}");

    public static ApiException ReminderGet(string reason) => new(500, "ERR_ACTOR_REMINDER_GET", $"error getting actor reminder: {reason}");

    public static ApiException ReminderDelete(string reason) => new(500, "ERR_ACTOR_REMINDER_DELETE", $"error deleting actor reminder: {reason}");

    public static ApiException ReminderNotFound(string name) => new(404, "ERR_ACTOR_REMINDER_NOT_FOUND", $"actor reminder not found: {name}");

    public static ApiException ReminderExists(string name) => new(409, "ERR_ACTOR_REMINDER_ALREADY_EXISTS", $"actor reminder already exists: {name}");

    public static ApiException ReminderNotHosted() => new(
        403, "ERR_ACTOR_REMINDER_NON_HOSTED", "operations on actor reminders are only possible on hosted actor types");
}

/// <summary>The actor could not be called, or its app did not answer 200. The message is what the caller is told.</summary>
/// <param name="code">The gRPC code that daprd gives the failure between sidecars.</param>
internal sealed class ActorCallException(string message, string code = "Internal", Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}

/// <summary>The actor is (or is about to be) on another host: look it up again.</summary>
internal sealed class ActorMovedException() : Exception("remote actor moved");

/// <summary>No living sidecar hosts the type.</summary>
internal sealed class ActorNotHostedException(string type, string id)
    : Exception($"failed to lookup actor: api error: code = FailedPrecondition desc = did not find address for actor '{type}/{id}'");

/// <summary>The instance was deactivated while the call waited for its turn.</summary>
internal sealed class ActorClosedException() : Exception("actor is closed");

/// <summary>The nested calls of one turn are deeper than the type allows.</summary>
internal sealed class StackDepthException() : Exception("maximum stack depth exceeded");
