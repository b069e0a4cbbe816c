namespace DaprMesh.Programs;

/// <summary>A running sidecar, as far as a test can act on it from outside.</summary>
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
