namespace DaprMesh.Sidecar.Runtime;

/// <summary>A job or reminder as it was registered.</summary>
/// <param name="Key">Unique among all that share a scheduler.</param>
/// <param name="Target">Who can take its ticks: an app id or an actor type, each in its namespace.</param>
/// <param name="ActorId">Null for a job.</param>
/// <param name="Data">Raw JSON; null: none.</param>
internal sealed record SchedulerJob(
    string Key, string Target, string Name, string? ActorId, string? Schedule, uint? Repeats, string? DueTime, string? Ttl, byte[]? Data, FailurePolicy Failure)
{
    public static string JobTarget(string @namespace, string appId) => $"job||{@namespace}||{appId}";

    public static string ActorTarget(string @namespace, string type) => $"actor||{@namespace}||{type}";
}

/// <summary>What follows a failed tick: up to <paramref name="MaxRetries"/> further attempts (null: for ever), or none.</summary>
internal sealed record FailurePolicy(bool Drop, TimeSpan? Interval, uint? MaxRetries)
{
    public static readonly FailurePolicy Default = new(false, TimeSpan.FromSeconds(1), 3);

    public static readonly FailurePolicy Dropped = new(true, null, null);

    public bool Retries(int attempts) => !Drop && (MaxRetries is not { } max || attempts <= max);
}
