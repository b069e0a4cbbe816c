namespace DaprMesh.Sidecar.Resources;

/// <summary>What every resource has: kind, name, namespace, scopes and a spec.</summary>
internal sealed class Manifest
{
    public Manifest(Fields fields, string file)
    {
        Fields = fields;
        ApiVersion = fields.Text("apiVersion") ?? "";
        Kind = fields.Text("kind") ?? "";
        Source = $"{file}:{fields.Line}";

        var metadata = fields.Map("metadata");
        Name = metadata?.Text("name") ?? "";
        Namespace = metadata?.Text("namespace") ?? "";
    }

    public Fields Fields { get; }

    public string ApiVersion { get; }

    public string Kind { get; }

    public string Name { get; }

    public string Namespace { get; }

    /// <summary>The file and the line of the document, for messages.</summary>
    public string Source { get; }

    /// <summary>Another document than one of Dapr's, such as a ConfigMap, is not for a sidecar.</summary>
    public bool IsKnown => ApiVersion.StartsWith("dapr.io/", StringComparison.Ordinal) || Kind == "Resiliency";

    public Fields? Spec => Fields.Map("spec");

    public IReadOnlyList<string> Scopes => Fields.TextList("scopes");

    public bool IsInScope(string appId) => Scopes is var scopes && (scopes.Count == 0 || scopes.Contains(appId, StringComparer.Ordinal));

    /// <summary>A resource of another namespace is left out, as long as the sidecar has one.</summary>
    public bool IsInNamespace(string current) => current.Length == 0 || Namespace.Length == 0 || Namespace == current;

    /// <summary>Names stand in paths of Kubernetes' API, which rules some out.</summary>
    /// <exception cref="ResourceFormatException">The name is not one.</exception>
    public void CheckName()
    {
        if (Name is "." or ".." || Name.AsSpan().ContainsAny('/', '%'))
            throw Fields.Map("metadata")!.Error("name", $"invalid name \"{Name}\" for \"{Kind}\"");
    }
}
