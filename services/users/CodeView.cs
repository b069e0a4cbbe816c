namespace DaprMesh.Users;

/// <summary>An access code as a list shows it.</summary>
public sealed record CodeView(string Id, string Hint, int? MaxUses, int UseCount, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, bool IsOpen)
{
    public static CodeView Of(AccessCode code, DateTimeOffset now) => new(
        code.Id, code.Hint, code.MaxUses, code.UseCount, code.CreatedAt, code.ExpiresAt, code.Uses is [.., var last] ? last.At : null, code.IsOpen(now));
}
