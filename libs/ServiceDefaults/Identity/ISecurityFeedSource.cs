using DaprMesh.Contracts;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Where news of keys, sessions, accounts and roles come from: the service auth, unless the process is auth itself.</summary>
public interface ISecurityFeedSource
{
    /// <summary>
    /// What has changed after <paramref name="cursor"/>, with all keys and roles; waits for as long as <paramref name="wait"/> until there is
    /// something. Null: nothing. A cursor lower than the one that was asked for says that the history is another one; everything is then asked
    /// for again.
    /// </summary>
    Task<SecurityFeed?> AfterAsync(long cursor, TimeSpan wait, CancellationToken ct);
}
