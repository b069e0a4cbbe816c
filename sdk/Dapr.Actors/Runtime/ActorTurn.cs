namespace Dapr.Actors.Runtime;

/// <summary>
/// What belongs to the running turn of an actor and flows with it: the reentrancy id for further calls, and the state
/// that a reentrant turn sees.
/// </summary>
internal sealed class ActorTurn(string? reentrancyId)
{
    private static readonly AsyncLocal<ActorTurn?> Flowing = new();
    private ActorStateCache? _cache;
    private Actor? _actor;

    public static ActorTurn? Current => Flowing.Value;

    public string? ReentrancyId { get; } = reentrancyId;

    /// <summary>
    /// Starts a turn. Always to be called from an async method, which undoes it at its end. A caller in the same process
    /// may have left its own turn in the flow, so an absent id counts too.
    /// </summary>
    public static ActorTurn? Begin(string? reentrancyId)
    {
        var turn = reentrancyId is null ? null : new ActorTurn(reentrancyId);
        if (turn is not null || Flowing.Value is not null)
            Flowing.Value = turn;
        return turn;
    }

    public void BelongsTo(Actor actor) => (_actor, _cache) = (actor, new ActorStateCache());

    public ActorStateCache? CacheOf(Actor actor) => ReferenceEquals(actor, _actor) ? _cache : null;
}
