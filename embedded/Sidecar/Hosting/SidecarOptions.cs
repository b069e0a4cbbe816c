namespace DaprMesh.Sidecar.Hosting;

/// <summary>What daprd takes as flags and environment, under the flags' names.</summary>
public sealed record SidecarOptions
{
    public required string AppId { get; init; }

    /// <summary>0: no app.</summary>
    public int AppPort { get; init; }

    public string AppChannelAddress { get; init; } = "127.0.0.1";

    /// <summary><c>http</c>, <c>https</c> or <c>h2c</c>; gRPC apps are refused at start.</summary>
    public string AppProtocol { get; init; } = "http";

    /// <summary>Calls the app gets at once; 0 or less: no limit.</summary>
    public int AppMaxConcurrency { get; init; }

    public bool EnableAppHealthCheck { get; init; }

    public string AppHealthCheckPath { get; init; } = "/healthz";

    public TimeSpan AppHealthProbeInterval { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan AppHealthProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    public int AppHealthThreshold { get; init; } = 3;

    /// <summary>0: a free port.</summary>
    public int DaprHttpPort { get; init; } = 3500;

    public int DaprGrpcPort { get; init; } = 50001;

    public int? DaprPublicPort { get; init; }

    public IReadOnlyList<string> DaprListenAddresses { get; init; } = [];

    public string DaprPublicListenAddress { get; init; } = "";

    /// <summary>0: a free port.</summary>
    public int DaprInternalPort { get; init; }

    public string DaprInternalListenAddress { get; init; } = "127.0.0.1";

    public int MetricsPort { get; init; } = 9090;

    public string MetricsListenAddress { get; init; } = "0.0.0.0";

    public bool EnableMetrics { get; init; } = true;

    public IReadOnlyList<string> ResourcesPaths { get; init; } = [];

    public IReadOnlyList<string> ConfigFiles { get; init; } = [];

    public string? PlacementHostAddress { get; init; }

    public string? SchedulerHostAddress { get; init; }

    /// <summary>Bytes.</summary>
    public long MaxBodySize { get; init; } = 4 << 20;

    /// <summary>Bytes.</summary>
    public int ReadBufferSize { get; init; } = 4 << 10;

    public string AllowedOrigins { get; init; } = "";

    public TimeSpan GracefulShutdown { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan? BlockShutdown { get; init; }

    public TimeSpan AppBindingOptionsTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary><c>config</c> and <c>subscribe</c>: calls to the app that are left out.</summary>
    public IReadOnlyList<string> DisableInitEndpoints { get; init; } = [];

    public string LogLevel { get; init; } = "info";

    public bool LogAsJson { get; init; }

    public bool EnableApiLogging { get; init; }

    /// <summary>The NAMESPACE environment variable; empty when it is not set.</summary>
    public string Namespace { get; init; } = "";

    public string? DaprApiToken { get; init; }

    public string? AppApiToken { get; init; }

    /// <summary>The environment that templates, <c>envRef</c> and secretstores.local.env read.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The launcher vouches for the app ids of callers, so that access control policies apply by caller. daprd needs mTLS for that.
    /// </summary>
    public bool IdentifyCallers { get; init; }

    /// <summary>Folder that relative file names in components start from; null: the process's working folder.</summary>
    public string? WorkingDirectory { get; init; }
}
