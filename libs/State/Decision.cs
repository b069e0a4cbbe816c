using DaprMesh.Contracts;

namespace DaprMesh.State;

/// <summary>What the domain answers: a new state with its events, nothing to do, or a refusal.</summary>
public abstract record Decision<T> where T : class
{
    private Decision() // these three, no fourth
    {
    }

    public static implicit operator Decision<T>(Refusal reason) => new Refused(reason);

    /// <summary>The state as it becomes, or, for a deletion, as it was last.</summary>
    public sealed record Changed(T State, IReadOnlyList<IEvent> Events) : Decision<T>
    {
        /// <summary>The ETag under which the state is saved; null before that.</summary>
        public string? ETag { get; init; }
    }

    /// <summary>Nothing to do; a repeated request or a redelivered event ends here.</summary>
    public sealed record Unchanged(T State) : Decision<T>
    {
        /// <summary>The ETag under which the state is saved; null when it is the answer to an earlier request.</summary>
        public string? ETag { get; init; }
    }

    public sealed record Refused(Refusal Reason) : Decision<T>;
}

/// <summary>Makes decisions without naming their type.</summary>
public static class Decision
{
    public static Decision<T> Change<T>(T state, params IReadOnlyList<IEvent> events) where T : class => new Decision<T>.Changed(state, events);

    public static Decision<T> Keep<T>(T state) where T : class => new Decision<T>.Unchanged(state);
}
