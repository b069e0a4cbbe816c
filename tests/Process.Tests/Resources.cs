namespace DaprMesh.Processes.Tests;

/// <summary>Writes the resources of a sidecar.</summary>
internal static class Resources
{
    public static async Task WriteAsync(string folder, string file, string yaml, CancellationToken ct)
    {
        var resources = Directory.CreateDirectory(Path.Combine(folder, "resources")).FullName;
        await File.WriteAllTextAsync(Path.Combine(resources, file), yaml, ct);
    }

    public static Task WriteComponentAsync(
        string folder, string name, string type, CancellationToken ct, params (string Name, string Value)[] metadata) =>
        WriteAsync(folder, name + ".yaml", Component(name, type, metadata), ct);

    public static string Component(string name, string type, params (string Name, string Value)[] metadata) => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: {name}
        spec:
          type: {type}
          version: v1
          metadata:{(metadata.Length == 0 ? " []" : "")}
        {string.Concat(metadata.Select(item => $"  - name: {item.Name}\n    value: \"{item.Value}\"\n"))}
        """;
}
