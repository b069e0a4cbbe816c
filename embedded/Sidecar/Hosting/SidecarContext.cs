using DaprMesh.Sidecar.Observability;
using DaprMesh.Sidecar.Resiliency;
using DaprMesh.Sidecar.Resources;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>What a building block and a component get from the sidecar they live in.</summary>
public sealed class SidecarContext
{
    public required SidecarOptions Options { get; init; }

    public string AppId => Options.AppId;

    /// <summary>The NAMESPACE of the sidecar, <c>default</c> when none is set.</summary>
    public string Namespace => Options.Namespace.Length > 0 ? Options.Namespace : "default";

    public required TimeProvider Clock { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>What the sidecars of this process share.</summary>
    public required SidecarRuntime Runtime { get; init; }

    /// <summary>What the files said when they were last read.</summary>
    public required LoadedResources Resources { get; set; }

    public Resources.Configuration Configuration => Resources.Configuration;

    public required ComponentRegistry Components { get; init; }

    /// <summary>Replaced when a Resiliency file changes; look it up at each use.</summary>
    public required ResiliencyPolicies Resiliency { get; set; }

    public required SidecarMetrics Metrics { get; init; }

    public required SidecarTracing Tracing { get; init; }

    public required HealthState Health { get; init; }

    /// <summary>Null: the sidecar has no app.</summary>
    public required AppChannel? App { get; init; }

    /// <summary>The app's answer to <c>GET /dapr/config</c>; null until it came, or when there is none.</summary>
    public System.Text.Json.JsonElement? AppConfig { get; internal set; }

    /// <summary>The HTTPEndpoints in scope with their secrets read.</summary>
    public IReadOnlyList<HttpEndpointManifest> HttpEndpoints { get; internal set; } = [];

    /// <summary>Runs while changed resources take the place of those before; whoever lists resources waits for it.</summary>
    internal Task Reload { get; set; } = Task.CompletedTask;

    /// <summary>Cancelled when the graceful stop begins.</summary>
    public required CancellationToken Stopping { get; init; }
}
