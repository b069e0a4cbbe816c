namespace DaprMesh.Launcher;

/// <summary>A running app with its sidecar.</summary>
internal interface IMeshApp : IAsyncDisposable
{
    string AppId { get; }

    /// <summary>The app id, with a number for instances after the first.</summary>
    string Name { get; }

    /// <summary>Null: the app does not listen.</summary>
    Uri? Url { get; }

    Uri SidecarUrl { get; }

    /// <summary>From the launcher's start to the moment the sidecar said ready.</summary>
    TimeSpan ReadyAfter { get; }

    /// <summary>Completes when the app ended by itself.</summary>
    Task Ended { get; }

    /// <summary>The app first, so that its sidecar can still do what it asks; then the sidecar.</summary>
    Task StopAsync(CancellationToken ct);
}
