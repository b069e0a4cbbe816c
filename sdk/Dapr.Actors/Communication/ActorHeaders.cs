namespace Dapr.Actors.Communication;

internal static class ActorHeaders
{
    /// <summary>Its presence tells that a typed proxy calls, so arguments have names and errors are answered with 200.</summary>
    public const string TypedCall = "X-DaprRequestHeader";

    /// <summary>The method threw; the body says what.</summary>
    public const string Error = "X-DaprErrorResponseHeader";

    public const string ReentrancyId = "Dapr-Reentrancy-Id";

    public const string StateExpiry = "metadata.ttlExpireTime";

    public const string ApiToken = "dapr-api-token";
}
