using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Resources;

/// <summary>The resources of one kind that are meant for the sidecar. A name may stand only once among them.</summary>
internal sealed class ScopedManifests<T>(SidecarOptions options, Func<T, string> logName)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly List<T> _manifests = [];
    private readonly List<string> _duplicates = [];

    public void Add(Manifest manifest, Func<Manifest, T> read)
    {
        if (!manifest.IsInNamespace(options.Namespace))
            return;

        var resource = read(manifest);
        if (_names.TryGetValue(manifest.Name, out var existing))
        {
            _duplicates.Add($"duplicate definition of {manifest.Kind} name {logName(resource)} with existing {existing}");
        }
        else if (manifest.IsInScope(options.AppId))
        {
            _names.Add(manifest.Name, logName(resource));
            _manifests.Add(resource);
        }
    }

    /// <summary>What was added; none of it when names were used twice, which <paramref name="fail"/> gets to tell.</summary>
    public IReadOnlyList<T> Complete(Action<string> fail)
    {
        if (_duplicates.Count == 0)
            return _manifests;

        fail(string.Join('\n', _duplicates));
        return [];
    }
}
