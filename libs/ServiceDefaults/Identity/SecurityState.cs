using System.Collections.Frozen;
using System.Collections.Immutable;
using DaprMesh.Contracts;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>What is known of keys, sessions, accounts and roles at one moment. It never changes; news make another one.</summary>
internal sealed class SecurityState
{
    public static readonly SecurityState Empty = new(0, FrozenDictionary<string, VerificationKey>.Empty, [], [], FrozenDictionary<string, FrozenSet<string>>.Empty, default);

    private static readonly TimeSpan TidyEvery = TimeSpan.FromMinutes(1);

    /// <summary>Tokens count a little beyond their end, as clocks differ; so does what is held against them.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(6);

    private readonly FrozenDictionary<string, VerificationKey> _keys;
    private readonly ImmutableDictionary<string, DateTimeOffset> _revoked;
    private readonly ImmutableDictionary<string, AccountChange> _changes;
    private readonly FrozenDictionary<string, FrozenSet<string>> _roles;
    private readonly DateTimeOffset _tidied;

    private SecurityState(
        long cursor, FrozenDictionary<string, VerificationKey> keys, ImmutableDictionary<string, DateTimeOffset> revoked,
        ImmutableDictionary<string, AccountChange> changes, FrozenDictionary<string, FrozenSet<string>> roles, DateTimeOffset tidied)
    {
        Cursor = cursor;
        _keys = keys;
        _revoked = revoked;
        _changes = changes;
        _roles = roles;
        _tidied = tidied;
    }

    /// <summary>How far this state has heard.</summary>
    public long Cursor { get; }

    public int RevokedSessions => _revoked.Count;

    public VerificationKey? FindKey(string name) => _keys.GetValueOrDefault(name);

    public bool Grants(string role, string permission) => _roles.TryGetValue(role, out var permissions) && permissions.Contains(permission);

    /// <summary>Whose token this is now: as it says, with the account's present roles, or nobody's any more.</summary>
    public Identified Judge(VerifiedToken token)
    {
        // A key may be withdrawn, or another one take its name, while tokens that it signed are remembered.
        if (!ReferenceEquals(FindKey(token.Key.Id), token.Key))
        {
            return Identified.As(IdentityFailure.Invalid);
        }

        if (_revoked.ContainsKey(token.SessionId))
        {
            return Identified.As(IdentityFailure.Revoked);
        }

        if (_changes.TryGetValue(token.Subject, out var change) && token.Version < change.Version)
        {
            return change.IsBlocked ? Identified.As(IdentityFailure.Revoked) : Identified.As(CurrentUser.Of(token, this, change.Roles));
        }

        return Identified.As(CurrentUser.Of(token, this, token.Roles));
    }

    /// <summary>
    /// The state after some news. Sessions and accounts add up; keys and roles are told in full and replace what was known, except by news that
    /// took longer than later ones.
    /// </summary>
    public SecurityState With(SecurityFeed feed, DateTimeOffset now)
    {
        var isLate = feed.Cursor < Cursor;
        var isUntidy = now - _tidied >= TidyEvery;
        return new SecurityState(
            Math.Max(Cursor, feed.Cursor),
            isLate ? _keys : Keys(feed.Keys),
            Revoked(feed.Sessions, isUntidy, now),
            Changes(feed.Accounts, isUntidy, now),
            isLate ? _roles : Roles(feed.RolePermissions),
            isUntidy ? now : _tidied);
    }

    private FrozenDictionary<string, VerificationKey> Keys(JsonWebKeySet set)
    {
        var keys = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
        foreach (var source in set.Keys)
        {
            if (_keys.TryGetValue(source.Kid, out var known) && known.Source == source)
            {
                keys[source.Kid] = known; // the same object, by which remembered tokens know their key
            }
            else if (VerificationKey.TryCreate(source, out var key))
            {
                keys[source.Kid] = key;
            }
        }

        return keys.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private ImmutableDictionary<string, DateTimeOffset> Revoked(IReadOnlyList<RevokedSession> news, bool tidy, DateTimeOffset now)
    {
        var revoked = _revoked.ToBuilder();
        if (tidy)
        {
            revoked.RemoveRange(_revoked.Where(session => session.Value + Grace < now).Select(session => session.Key));
        }

        foreach (var session in news)
        {
            revoked[session.SessionId] = session.Until;
        }

        return revoked.ToImmutable();
    }

    private ImmutableDictionary<string, AccountChange> Changes(IReadOnlyList<AccountChange> news, bool tidy, DateTimeOffset now)
    {
        var changes = _changes.ToBuilder();
        if (tidy)
        {
            changes.RemoveRange(_changes.Where(change => change.Value.Until + Grace < now).Select(change => change.Key));
        }

        foreach (var change in news)
        {
            if (!changes.TryGetValue(change.UserId, out var known) || known.Version <= change.Version)
            {
                changes[change.UserId] = change;
            }
        }

        return changes.ToImmutable();
    }

    private static FrozenDictionary<string, FrozenSet<string>> Roles(IReadOnlyDictionary<string, IReadOnlyList<string>> roles) =>
        roles.ToFrozenDictionary(role => role.Key, role => role.Value.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
}
