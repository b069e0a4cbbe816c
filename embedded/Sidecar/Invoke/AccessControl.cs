using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>The callee's access control list.</summary>
internal sealed class AccessControl(AccessControlSpec spec)
{
    public static AccessControl? From(AccessControlSpec? spec) => spec is null ? null : new AccessControl(spec);

    /// <param name="callerAppId">Null: nobody vouches for the caller.</param>
    public bool IsAllowed(string? callerAppId, string callerNamespace, string method, string verb) =>
        string.Equals(spec.DefaultAction, "allow", StringComparison.OrdinalIgnoreCase);
}
