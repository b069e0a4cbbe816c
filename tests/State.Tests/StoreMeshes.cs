using DaprMesh.Testing;

namespace DaprMesh.State.Tests;

/// <summary>A mesh for each type of store; what a test writes, it writes under a prefix of its own.</summary>
public sealed class StoreMeshes : IAsyncLifetime
{
    private readonly Dictionary<string, Mesh> _meshes = new(StringComparer.Ordinal);

    public static TheoryData<string> Types { get; } = new("state.in-memory", "state.sqlite");

    public Mesh this[string type] => _meshes[type];

    public async ValueTask InitializeAsync()
    {
        foreach (var type in Types)
        {
            _meshes[type.Data] = await StoreProcess.MeshAsync(type.Data, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var mesh in _meshes.Values)
        {
            await mesh.DisposeAsync();
        }
    }
}
