using DaprMesh.Contracts;
using DaprMesh.State;

namespace DaprMesh.Users;

/// <summary>A person's profile. What the person logs in with belongs to the auth service; the roles here are a copy for reading.</summary>
public sealed record User(
    string Id, string Username, string? Email, string FullName, string? Phone, string? TelegramName, IReadOnlyList<string> Roles,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static Decision<User> Create(string id, UserDetails details, IReadOnlyList<string> roles, DateTimeOffset now)
    {
        var user = new User(id, details.Username, details.Email, details.FullName, details.Phone, details.TelegramName, roles, now, now);
        return Decision.Change(user, new UserCreated(id, user.Username, user.Email, user.FullName));
    }

    public Decision<User> Change(ProfileInput input, DateTimeOffset now)
    {
        var changed = this with { Email = input.Email, FullName = input.FullName.Trim(), Phone = input.Phone, TelegramName = input.TelegramName };
        return changed == this ? Decision.Keep(this) : Updated(changed, now);
    }

    /// <summary>Completes a profile that the account's event made before its creator could.</summary>
    public Decision<User> Is(UserDetails details, DateTimeOffset now) => Change(new ProfileInput(details.FullName, details.Email, details.Phone, details.TelegramName), now);

    /// <summary>Takes over the roles that auth says the person has now.</summary>
    public Decision<User> HasRoles(IReadOnlyList<string> roles, DateTimeOffset now) =>
        roles.SequenceEqual(Roles, StringComparer.Ordinal) ? Decision.Keep(this) : Updated(this with { Roles = roles }, now);

    public bool Matches(IReadOnlyList<string> words, string? role) =>
        (role is null || Roles.Contains(role, StringComparer.Ordinal))
        && words.All(word => Has(FullName, word) || Has(Username, word) || Has(Email, word) || Has(Phone, word));

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    private static Decision<User> Updated(User changed, DateTimeOffset now) => Decision.Change(
        changed with { UpdatedAt = now }, new UserUpdated(changed.Id, changed.Username, changed.Email, changed.FullName));
}

/// <summary>What a profile starts with.</summary>
public sealed record UserDetails(string Username, string? Email, string FullName, string? Phone = null, string? TelegramName = null);
