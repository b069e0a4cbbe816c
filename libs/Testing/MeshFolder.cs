using System.Text.Json;
using System.Text.RegularExpressions;

namespace DaprMesh.Testing;

/// <summary>The folder of one mesh: the resources given as text, the default components for what is not given, and the databases. Gone with the mesh.</summary>
internal sealed partial class MeshFolder : IDisposable
{
    private const string StateStore =
        """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: statestore }
        spec:
          type: state.in-memory
          version: v1
          metadata:
            - { name: actorStateStore, value: "true" }
        """;

    private const string PubSub =
        """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: pubsub }
        spec:
          type: pubsub.sqlite
          version: v1
          metadata:
            - { name: connectionString, value: mesh.db }
            - { name: requeueInFailure, value: "true" }
        """;

    private const string SecretStore =
        """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: secretstore }
        spec:
          type: secretstores.local.file
          version: v1
          metadata:
            - { name: secretsFile, value: secrets.json }
        """;

    private readonly List<string> _configurations = [];

    public MeshFolder(MeshBuilder builder)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"daprmesh-{Guid.NewGuid():N}");
        Resources = System.IO.Path.Combine(Path, "resources");
        Directory.CreateDirectory(Resources);
        File.WriteAllText(System.IO.Path.Combine(Path, "secrets.json"), JsonSerializer.Serialize(builder.Secrets));

        string[] all = [.. builder.Yaml, .. builder.Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.y*ml")).Select(File.ReadAllText)];
        var given = all.SelectMany(text => ComponentType().Matches(text)).Select(match => match.Groups["kind"].Value).ToHashSet();
        foreach (var (kind, yaml) in new[] { ("secretstores", SecretStore), ("state", StateStore), ("pubsub", PubSub) })
        {
            if (!given.Contains(kind))
            {
                File.WriteAllText(System.IO.Path.Combine(Resources, $"default-{kind}.yaml"), yaml);
            }
        }

        foreach (var (index, text) in builder.Yaml.Index())
        {
            var isConfiguration = ConfigurationKind().IsMatch(text);
            var file = System.IO.Path.Combine(isConfiguration ? Path : Resources, $"given-{index:000}.yaml");
            File.WriteAllText(file, text);
            if (isConfiguration)
            {
                _configurations.Add(file);
            }
        }
    }

    public string Path { get; }

    public string Resources { get; }

    public IReadOnlyList<string> Configurations => _configurations;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    [GeneratedRegex(@"^\s*type:\s*[""']?(?<kind>state|pubsub|secretstores)\.", RegexOptions.Multiline)]
    private static partial Regex ComponentType();

    [GeneratedRegex(@"^kind:\s*Configuration\s*$", RegexOptions.Multiline)]
    private static partial Regex ConfigurationKind();
}
