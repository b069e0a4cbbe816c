namespace DaprMesh.Sidecar.Resources;

/// <summary>One Dapr Component as it stands in its file, secrets and templates resolved.</summary>
/// <param name="Metadata">Values by name; names compare without case.</param>
/// <param name="Source">File and document the component came from, for messages.</param>
public sealed record Component(
    string Name,
    string Type,
    string Version,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyList<string> Scopes,
    TimeSpan InitTimeout,
    bool IgnoreErrors,
    string Source)
{
    public string? Find(string name) => Metadata.TryGetValue(name, out var value) ? value : null;

    /// <summary>A truthy value as Go's and Dapr's parsers take it: y, yes, true, t, on, 1.</summary>
    public bool IsTrue(string name) =>
        Find(name)?.Trim().ToUpperInvariant() is "Y" or "YES" or "TRUE" or "T" or "ON" or "1";
}
