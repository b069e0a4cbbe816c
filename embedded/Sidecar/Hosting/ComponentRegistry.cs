using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>The components that are ready, by name.</summary>
public sealed class ComponentRegistry
{
    private readonly ConcurrentDictionary<string, LoadedComponent> _byName = new(StringComparer.Ordinal);

    public IEnumerable<LoadedComponent> All => _byName.Values.OrderBy(component => component.Name, StringComparer.Ordinal);

    /// <summary>Counts the changes, for those who keep what they found.</summary>
    public int Version { get; private set; }

    public void Add(LoadedComponent component)
    {
        _byName[component.Name] = component;
        Version++;
    }

    public void Remove(LoadedComponent component)
    {
        _byName.TryRemove(KeyValuePair.Create(component.Name, component));
        Version++;
    }

    public LoadedComponent? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The component of that name when it is a <typeparamref name="T"/>.</summary>
    public bool TryGet<T>(string name, [NotNullWhen(true)] out T? instance) where T : class
    {
        instance = _byName.TryGetValue(name, out var component) ? component.Instance as T : null;
        return instance is not null;
    }

    public IEnumerable<(LoadedComponent Component, T Instance)> OfKind<T>() where T : class =>
        All.Where(component => component.Instance is T).Select(component => (component, (T)component.Instance));

    public bool Any<T>() where T : class => _byName.Values.Any(component => component.Instance is T);
}
