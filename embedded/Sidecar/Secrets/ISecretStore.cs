using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Secrets;

/// <summary>A secret store: secrets by name, each a map of keys to values.</summary>
public interface ISecretStore : IComponent
{
    /// <summary>The secret's keys and values.</summary>
    /// <exception cref="SecretNotFoundException">The store has no secret of that name.</exception>
    ValueTask<IReadOnlyDictionary<string, string>> GetAsync(
        string name, IReadOnlyDictionary<string, string> metadata, CancellationToken ct);

    ValueTask<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> GetAllAsync(
        IReadOnlyDictionary<string, string> metadata, CancellationToken ct);
}

/// <summary>The store has no secret of that name.</summary>
public sealed class SecretNotFoundException(string name) : Exception($"secret {name} not found");
