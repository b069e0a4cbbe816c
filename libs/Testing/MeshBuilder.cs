using System.Reflection;
using DaprMesh.Sidecar.Hosting;
using Microsoft.AspNetCore.Builder;

namespace DaprMesh.Testing;

/// <summary>Says what a <see cref="Mesh"/> consists of.</summary>
public sealed class MeshBuilder
{
    private readonly List<PlannedApp> _apps = [];
    private readonly List<string> _folders = [];
    private readonly List<string> _yaml = [];
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private Func<SidecarOptions, SidecarOptions> _sidecar = options => options;

    internal MeshBuilder()
    {
    }

    /// <summary>The clock of the sidecars, and the <see cref="TimeProvider"/> in the services of the apps.</summary>
    public TimeProvider Time { get; private set; } = new ManualTime();

    internal IReadOnlyList<PlannedApp> Apps => _apps;

    internal IReadOnlyList<string> Folders => _folders;

    internal IReadOnlyList<string> Yaml => _yaml;

    internal IReadOnlyDictionary<string, string> Secrets => _secrets;

    internal IReadOnlyDictionary<string, string> EnvironmentVariables => _environment;

    internal Func<SidecarOptions, SidecarOptions> SidecarChanges => _sidecar;

    internal Action<string>? Output { get; private set; }

    internal bool HasAuthority { get; private set; }

    /// <summary>A program, named by any type of its assembly, with a sidecar.</summary>
    public MeshBuilder App<TInProgram>(string appId, Action<MeshAppOptions>? configure = null) => App(appId, typeof(TInProgram).Assembly, configure);

    /// <summary>A program with a sidecar.</summary>
    public MeshBuilder App(string appId, Assembly program, Action<MeshAppOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        return Add(appId, program, null, configure);
    }

    /// <summary>A small app with a sidecar, written where it is needed: its routes.</summary>
    public MeshBuilder App(string appId, Action<WebApplication> map) => App(appId, _ => { }, map);

    /// <summary>A small app with a sidecar, written where it is needed: its services and its routes.</summary>
    public MeshBuilder App(string appId, Action<WebApplicationBuilder> build, Action<WebApplication> map, Action<MeshAppOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(map);
        return Add(appId, map.Method.Module.Assembly, RunAsync, configure);

        Task RunAsync(string[] arguments)
        {
            var builder = WebApplication.CreateBuilder(arguments);
            build(builder);
            var app = builder.Build();
            map(app);
            return app.RunAsync();
        }
    }

    /// <summary>Instead of the service auth: <see cref="Mesh.Authority"/> signs tokens, and the services of the mesh take them.</summary>
    public MeshBuilder Authority()
    {
        HasAuthority = true;
        return this;
    }

    /// <summary>A sidecar without an app.</summary>
    public MeshBuilder Sidecar(string appId) => Add(appId, null, null, null);

    /// <summary>The last word on the options of every sidecar.</summary>
    public MeshBuilder Sidecars(Func<SidecarOptions, SidecarOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var before = _sidecar;
        _sidecar = options => change(before(options));
        return this;
    }

    /// <summary>A folder of Dapr resources, as <c>--resources-path</c> takes it.</summary>
    public MeshBuilder Resources(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folders.Add(Path.GetFullPath(folder));
        return this;
    }

    /// <summary>Dapr resources as YAML text: components, subscriptions, resiliency, HTTP endpoints, or a configuration.</summary>
    public MeshBuilder Resource(string yaml)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(yaml);
        _yaml.Add(yaml);
        return this;
    }

    /// <summary>A secret in the secret store that is there by default, <c>secretstore</c>.</summary>
    public MeshBuilder Secret(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _secrets[name] = value;
        return this;
    }

    /// <summary>An environment variable of the sidecars, for <c>envRef</c> and <c>secretstores.local.env</c>; they see no others.</summary>
    public MeshBuilder Environment(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _environment[name] = value;
        return this;
    }

    /// <summary>Another clock than a <see cref="ManualTime"/> of its own, such as <see cref="TimeProvider.System"/>.</summary>
    public MeshBuilder UseTime(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        Time = time;
        return this;
    }

    /// <summary>Where log lines go as well, such as a test's output.</summary>
    public MeshBuilder WriteLogTo(Action<string> output)
    {
        Output = output;
        return this;
    }

    private MeshBuilder Add(string appId, Assembly? program, Func<string[], Task>? main, Action<MeshAppOptions>? configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(appId);
        if (_apps.Exists(app => app.AppId == appId))
        {
            throw new ArgumentException($"There is an app {appId} already.", nameof(appId));
        }

        var options = new MeshAppOptions();
        configure?.Invoke(options);
        _apps.Add(new PlannedApp(appId, program, main, options));
        return this;
    }
}

/// <param name="Program">Null: a sidecar without an app.</param>
/// <param name="Main">Null: the entry point of <paramref name="Program"/>.</param>
internal sealed record PlannedApp(string AppId, Assembly? Program, Func<string[], Task>? Main, MeshAppOptions Options);
