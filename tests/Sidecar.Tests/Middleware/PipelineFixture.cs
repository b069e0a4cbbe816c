using System.Collections.Concurrent;
using System.Net;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.Sidecar.Tests.Middleware;

/// <summary>A sidecar with its app, which answers with the path and the body it got, and serves documents that a test gives it.</summary>
internal sealed class PipelineFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("daprmesh-middleware-");
    private readonly SidecarRuntime _runtime = new(TimeProvider.System, registryFolder: null);
    private WebApplication? _app;
    private SidecarHost? _sidecar;

    public HttpClient Client { get; } = new();

    /// <summary>What the app answers to a path, such as an issuer's keys.</summary>
    public ConcurrentDictionary<string, string> Documents { get; } = new();

    public string AppAddress { get; private set; } = "";

    public static async Task<PipelineFixture> StartAsync(string pipeline, string type, params (string Name, string Value)[] metadata)
    {
        var fixture = new PipelineFixture();
        await fixture.StartAppAsync();
        await fixture.StartSidecarAsync(pipeline, type, metadata);
        return fixture;
    }

    public async Task StartAppAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async http =>
        {
            if (http.Request.Path.StartsWithSegments("/dapr"))
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync(http.RequestAborted);
            await http.Response.WriteAsync(Documents.TryGetValue(http.Request.Path, out var document)
                ? document
                : $"{http.Request.Path}{http.Request.QueryString}|{body}");
        });
        await _app.StartAsync();
        AppAddress = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public async Task StartSidecarAsync(string pipeline, string type, params (string Name, string Value)[] metadata)
    {
        var items = string.Concat(metadata.Select(item => $"    - name: {item.Name}\n      value: '{item.Value}'\n"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "step.yaml"),
            $"apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: step\nspec:\n  type: {type}\n  version: v1\n  metadata:\n{items}");
        var config = Path.Combine(_folder.FullName, "config.conf");
        await File.WriteAllTextAsync(config, $"spec:\n  {pipeline}:\n    handlers:\n      - {{ name: absent, type: {type} }}\n      - {{ name: step, type: {type} }}\n");
        _sidecar = await SidecarHost.StartAsync(
            new SidecarOptions
            {
                AppId = "app",
                AppPort = new Uri(AppAddress).Port,
                DaprHttpPort = 0,
                DaprListenAddresses = ["127.0.0.1"],
                EnableMetrics = false,
                ResourcesPaths = [_folder.FullName],
                ConfigFiles = [config],
            },
            _runtime, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        await _sidecar.Ready;
        Client.BaseAddress = new Uri($"http://127.0.0.1:{_sidecar.HttpPort}/");
    }

    public async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpMethod method, string path, string? body = null, string? bearer = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        if (bearer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_sidecar is not null)
            await _sidecar.DisposeAsync();
        if (_app is not null)
            await _app.DisposeAsync();
        await _runtime.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
