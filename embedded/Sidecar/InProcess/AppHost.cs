using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using DaprMesh.Sidecar.Runtime;

namespace DaprMesh.Sidecar.InProcess;

/// <summary>
/// A program running in this process: its entry point is called on a thread of its own, with its own configuration, and it knows nothing of that.
/// What it sends to other hosts of the process by <see cref="HttpClient"/> skips the socket.
/// </summary>
public sealed class AppHost : IAsyncDisposable
{
    private readonly TaskCompletionSource<int> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AppSpec _spec;
    private readonly SidecarRuntime _runtime;
    private IHost? _host;

    private AppHost(AppSpec spec, SidecarRuntime runtime)
    {
        _spec = spec;
        _runtime = runtime;
    }

    public string AppId => _spec.AppId;

    /// <summary>The port the program listens on.</summary>
    public int Port { get; private set; }

    /// <summary>The program's services.</summary>
    public IServiceProvider Services => _host?.Services ?? throw new InvalidOperationException($"{AppId} has built no host.");

    /// <summary>Completes when the program's entry point returns; fails with what it threw.</summary>
    public Task Completion => _ended.Task;

    /// <param name="sidecarHttpPort">The port of its sidecar's API.</param>
    /// <exception cref="AppStartException">The program ended or threw before it listened.</exception>
    public static async Task<AppHost> StartAsync(AppSpec spec, int sidecarHttpPort, SidecarRuntime runtime, CancellationToken ct)
    {
        var app = new AppHost(spec, runtime);
        var thread = new Thread(() => app.Run(app.Arguments(sidecarHttpPort))) { IsBackground = true, Name = spec.AppId };
        thread.Start();
        var first = await Task.WhenAny(app._listening.Task, app._ended.Task).WaitAsync(ct);
        if (first == app._ended.Task)
        {
            var error = app._ended.Task.Exception?.GetBaseException();
            throw new AppStartException($"{spec.AppId} ended before it listened: {error?.Message ?? "its entry point returned"}", error);
        }

        app.Port = await app._listening.Task;
        return app;
    }

    public async Task StopAsync(CancellationToken ct)
    {
        if (_host is { } host)
        {
            try
            {
                host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            }
            catch (ObjectDisposedException)
            {
                // It has ended by itself.
            }
        }

        await _ended.Task.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private string[] Arguments(int sidecarHttpPort)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["APP_ID"] = _spec.AppId,
            ["DAPR_HTTP_PORT"] = sidecarHttpPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["DAPR_HTTP_ENDPOINT"] = $"http://127.0.0.1:{sidecarHttpPort}",
        };
        foreach (var (name, value) in _spec.Settings)
        {
            settings[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        // Command-line settings are read by the host and by the app, from the first line of the program on.
        return
        [
            $"--urls=http://127.0.0.1:{_spec.Port}",
            $"--contentRoot={_spec.ContentRoot}",
            $"--environment={_spec.Environment}",
            $"--applicationName={_spec.Program.GetName().Name}",
            "--hostBuilder:reloadConfigOnChange=false",
            .. settings.Select(setting => $"--{setting.Key}={setting.Value}"),
        ];
    }

    private void Run(string[] arguments)
    {
        using var hook = HostHook.Install(ConfigureServices, host => _host = host);
        try
        {
            if (_spec.Main is { } given)
            {
                given(arguments).GetAwaiter().GetResult();
                _ended.TrySetResult();
                return;
            }

            var main = _spec.Program.EntryPoint ?? throw new InvalidOperationException($"{_spec.Program.GetName().Name} has no entry point.");
            var result = main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, main.GetParameters().Length == 0 ? null : [arguments], null);
            if (result is Task task)
            {
                task.GetAwaiter().GetResult();
            }

            _ended.TrySetResult();
        }
#pragma warning disable CA1031 // The end of the program, whatever it is, is reported to whoever started it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _ended.TrySetException(e);
        }
    }

    private void ConfigureServices(IServiceCollection services)
    {
        services.RemoveAll<IHostLifetime>();
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddSingleton(_runtime.Clock);
        services.AddKeyedSingleton("dapr", _runtime.Dispatch.AppHandler);
        services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new DispatchFilter(_runtime.Dispatch));
        if (_spec.Log is { } log)
        {
            services.RemoveAll<ILoggerProvider>();
            services.AddSingleton(log);

            // Several programs write to one log: each request of each framework layer would drown what the programs themselves say.
            services.AddLogging(logging => logging
                .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
                .AddFilter("System.Net.Http.HttpClient", LogLevel.Warning));
        }

        foreach (var server in services.Where(descriptor => descriptor.ServiceType == typeof(IServer)).ToList())
        {
            services.Remove(server);
            services.AddSingleton<IServer>(provider => new DispatchServer(
                Create(provider, server), _runtime.Dispatch, _spec.DispatchPort, port => _listening.TrySetResult(port)));
        }

        _spec.ConfigureServices?.Invoke(services);
    }

    private static IServer Create(IServiceProvider provider, ServiceDescriptor descriptor) => descriptor switch
    {
        { ImplementationInstance: IServer instance } => instance,
        { ImplementationFactory: { } factory } => (IServer)factory(provider),
        _ => (IServer)ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!),
    };

    /// <summary>Puts dispatch in front of whatever primary handler a client of the program is configured with.</summary>
    private sealed class DispatchFilter(DispatchTable dispatch) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.PrimaryHandler = dispatch.InFrontOf(builder.PrimaryHandler);
        };
    }

    /// <summary>Ctrl-C and SIGTERM belong to whoever runs the program, not to the program.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>Why a program did not start, in one line.</summary>
public sealed class AppStartException(string message, Exception? inner) : Exception(message, inner);
