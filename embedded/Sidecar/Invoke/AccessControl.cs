using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>The callee's access control list.</summary>
internal sealed class AccessControl
{
    private readonly bool _allowsByDefault;
    private readonly string _trustDomain;
    private readonly Dictionary<(string AppId, string Namespace), (AppPolicy Policy, OperationTree Operations)> _policies = [];

    private AccessControl(AccessControlSpec spec)
    {
        // An empty action denies, now that there is a list.
        _allowsByDefault = Allows(spec.DefaultAction);
        _trustDomain = string.IsNullOrEmpty(spec.TrustDomain) ? "public" : spec.TrustDomain;
        foreach (var policy in spec.Policies)
        {
            _policies[(policy.AppId, policy.Namespace)] = (policy, new OperationTree(policy.Operations));
        }
    }

    public static AccessControl? From(AccessControlSpec? spec) => spec is null ? null : new AccessControl(spec);

    /// <param name="callerAppId">Null: nobody vouches for the caller, and only the global action applies.</param>
    public bool IsAllowed(string? callerAppId, string callerNamespace, string method, string verb)
    {
        if (callerAppId is null || !_policies.TryGetValue((callerAppId, callerNamespace), out var entry) || entry.Policy.TrustDomain != _trustDomain)
            return _allowsByDefault;

        var action = entry.Operations.Find(method) is { } operation && (operation.HttpVerbs.Contains(verb) || operation.HttpVerbs.Contains("*"))
            ? operation.Action
            : entry.Policy.DefaultAction;
        return action is null ? _allowsByDefault : Allows(action);
    }

    private static bool Allows(string? action) => string.Equals(action, "allow", StringComparison.OrdinalIgnoreCase);
}
