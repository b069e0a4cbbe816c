namespace DaprMesh.Auth;

internal static partial class AuthLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Opened {Database}; {Applied} migrations applied")]
    public static partial void DatabaseOpened(this ILogger log, string database, int applied);

    [LoggerMessage(Level = LogLevel.Information, Message = "No secret {Name} in {Store}: {Reason}")]
    public static partial void SecretNotGiven(this ILogger log, string name, string store, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sidecar does not answer; a signing key that is given in the secret store is not known")]
    public static partial void SecretsUnknown(this ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events wait to be published: {Reason}; again in {Pause}")]
    public static partial void EventsWait(this ILogger log, string reason, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changes of other replicas cannot be seen at the moment")]
    public static partial void ChangesUnseen(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database could not be tidied up")]
    public static partial void NotTidied(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request was sent away: {Code}")]
    public static partial void Outage(this ILogger log, string code, Exception error);
}
