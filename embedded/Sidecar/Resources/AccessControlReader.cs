namespace DaprMesh.Sidecar.Resources;

/// <summary>Reads and checks <c>accessControl</c>.</summary>
internal static class AccessControlReader
{
    public static AccessControlSpec? Read(Fields? block)
    {
        if (block is null)
            return null;

        // Dapr lays the block over defaults of its own: what is absent allows, and only an action written as empty is none.
        var action = block.Text("defaultAction") ?? "allow";
        var trustDomain = block.Text("trustDomain") ?? "public";
        var policies = block.List("policies", Policy);
        if (action.Length == 0 && policies.Count == 0 && (trustDomain.Length == 0 || block.Node("policies") is not null))
            action = "allow"; // a list without anything in it

        var spec = new AccessControlSpec(action, trustDomain, policies);
        Check(spec.Policies);
        return spec;
    }

    private static AppPolicy Policy(Fields policy) => new(
        policy.Text("appId") ?? "",
        policy.Text("defaultAction") is { Length: > 0 } action ? action : null,
        policy.Text("trustDomain") ?? "",
        policy.Text("namespace") ?? "",
        policy.List("operations", operation => new AppOperation(
            operation.Text("name") ?? "", operation.TextList("httpVerb"), operation.Text("action") ?? "")));

    private static void Check(IReadOnlyList<AppPolicy> policies)
    {
        var noTrustDomain = policies.Where(policy => policy.TrustDomain.Length == 0).Select(policy => policy.AppId).ToList();
        var noNamespace = policies.Where(policy => policy.Namespace.Length == 0).Select(policy => policy.AppId).ToList();
        var noName = policies.Any(policy => policy.AppId.Length == 0);
        if (noTrustDomain.Count == 0 && noNamespace.Count == 0 && !noName)
            return;

        throw new ResourceException(
            $"invalid access control spec. missing trustdomain for apps: [{string.Join(' ', noTrustDomain)}], " +
            $"missing namespace for apps: [{string.Join(' ', noNamespace)}], " +
            $"missing app name on at least one of the app policies: {(noName ? "true" : "false")}");
    }
}
