namespace DaprMesh.State.Commits;

/// <summary>What a store itself refuses, before the domain is asked.</summary>
internal static class Refusals
{
    public static Refusal OtherBody { get; } = new(
        RefusalKind.Invalid, "idempotency-key.other-body", "This Idempotency-Key was used with another body. Take a new key.");

    public static Refusal Missing(string prefix, string id) => new(RefusalKind.NotFound, $"{prefix}.missing", $"There is no {prefix} {id}.");

    public static Refusal? Of<T>(Command<T> command, Stored<T>? current, string prefix) where T : class => command.Kind switch
    {
        CommandKind.Create when current is not null => new Refusal(RefusalKind.Conflict, $"{prefix}.exists", $"There is a {prefix} {command.Id} already."),
        CommandKind.Update or CommandKind.Delete when command.IfMatch.IsNeeded => new Refusal(
            RefusalKind.ConditionNeeded, $"{prefix}.if-match-needed", $"Send the ETag of the {prefix} you read as If-Match, or * to change whatever is there."),
        CommandKind.Update or CommandKind.Delete when current is null => Missing(prefix, command.Id),
        CommandKind.Update or CommandKind.Delete when !command.IfMatch.Fits(current.ETag) => new Refusal(
            RefusalKind.Stale, $"{prefix}.changed-meanwhile", $"The {prefix} {command.Id} was changed since you read it. Read it again and repeat your change."),
        _ => null,
    };
}
