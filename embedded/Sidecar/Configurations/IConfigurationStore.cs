using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Configurations;

/// <summary>A configuration store: items by key, and word of their changes.</summary>
public interface IConfigurationStore : IComponent
{
    /// <summary>The items there are; without keys all of them. An item with an empty value does not count.</summary>
    ValueTask<IReadOnlyDictionary<string, ConfigurationItem>> GetAsync(IReadOnlyList<string> keys, CancellationToken ct);

    /// <summary>Calls <paramref name="changed"/> for each item that changes from now on, one call at a time, until disposed. Without keys: of all items.</summary>
    IAsyncDisposable Subscribe(IReadOnlyList<string> keys, ConfigurationChanged changed);
}

/// <summary>An item as it is now.</summary>
public sealed record ConfigurationItem(string Value, string Version, IReadOnlyDictionary<string, string> Metadata);

/// <param name="item">Null: the item was deleted.</param>
public delegate Task ConfigurationChanged(string key, ConfigurationItem? item, CancellationToken ct);
