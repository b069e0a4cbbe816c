namespace DaprMesh.Catalog;

/// <summary>What the domain answers: a new state with its events, nothing to do, or a refusal.</summary>
public abstract record Decision<T> where T : class
{
    private Decision()
    {
    }

    public static implicit operator Decision<T>(Refusal reason) => new Refused(reason);

    public sealed record Changed(T State, IReadOnlyList<ProductEvent> Events) : Decision<T>;

    public sealed record Unchanged(T State) : Decision<T>;

    public sealed record Refused(Refusal Reason) : Decision<T>;
}

/// <summary>A "no" of the domain, with a code that stays the same and a sentence for people.</summary>
public sealed record Refusal(string Code, string Sentence);

internal static class Decision
{
    public static Decision<T> Change<T>(T state, params ProductEvent[] events) where T : class => new Decision<T>.Changed(state, events);

    public static Decision<T> Keep<T>(T state) where T : class => new Decision<T>.Unchanged(state);
}
