namespace DaprMesh.State;

/// <summary>A "no" of the domain: its kind, a code that stays the same and a sentence for people.</summary>
public sealed record Refusal(RefusalKind Kind, string Code, string Sentence);

/// <summary>Why the answer is no; each kind is one HTTP status.</summary>
public enum RefusalKind
{
    /// <summary>422: understood, but against a rule.</summary>
    Invalid,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>409: not possible as things stand.</summary>
    Conflict,

    /// <summary>412: changed since the caller read it.</summary>
    Stale,

    /// <summary>428: the caller does not say what it read.</summary>
    ConditionNeeded,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>429.</summary>
    TooMany,
}
