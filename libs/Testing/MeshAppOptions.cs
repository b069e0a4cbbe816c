using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.Testing;

/// <summary>How one app of a <see cref="Mesh"/> is started.</summary>
public sealed class MeshAppOptions
{
    /// <summary>The folder that holds its <c>appsettings.json</c>; null: its project's folder, found by the assembly's name.</summary>
    public string? ContentRoot { get; set; }

    public string Environment { get; set; } = "Development";

    /// <summary>How many instances run, each with a sidecar of its own under the same app id.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>Settings as they would stand in environment variables: <c>Catalog__PageSize</c>.</summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Last changes to its services, after its own.</summary>
    public Action<IServiceCollection>? Services { get; set; }
}
