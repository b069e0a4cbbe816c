namespace DaprMesh.Sidecar.Actors;

/// <summary>An actor that is active here.</summary>
internal sealed class ActorInstance(ActorType type, string id)
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _idleAt;

    public ActorType Type { get; } = type;

    public string Id { get; } = id;

    public TurnLock Turns { get; } = new(type.Settings.Reentrant, type.Settings.MaxStackDepth);

    /// <summary>When the actor is deactivated unless it is called before.</summary>
    public DateTimeOffset IdleAt => new(Interlocked.Read(ref _idleAt), TimeSpan.Zero);

    /// <summary>Completes when the app knows that the actor is deactivated, so that it can be activated again.</summary>
    public Task Gone => _gone.Task;

    public void Touch(DateTimeOffset now) => Interlocked.Exchange(ref _idleAt, (now + Type.Settings.IdleTimeout).UtcTicks);

    public void SetGone() => _gone.TrySetResult();
}
