using DaprMesh.Golden.Tests.Comparison;
using DaprMesh.Golden.Tests.Recording;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>A running sidecar, as far as a scenario can act on it from outside.</summary>
internal interface ISidecar : IAsyncDisposable
{
    /// <summary>The exit code once the sidecar has ended.</summary>
    int? ExitCode { get; }

    /// <summary>What the sidecar has logged, for messages and for the reason of a failed start.</summary>
    IReadOnlyList<string> Log { get; }

    Task WaitForExitAsync(TimeSpan atMost, CancellationToken ct);

    Task TerminateAsync(CancellationToken ct);

    Task KillAsync(CancellationToken ct);
}

/// <summary>Starts the sidecars of a replay; the folder is where the scenario's files lie.</summary>
internal interface ISidecarLauncher
{
    Task<ISidecar> StartAsync(RecordedSidecar sidecar, string folder, Placeholders placeholders, CancellationToken ct);
}
