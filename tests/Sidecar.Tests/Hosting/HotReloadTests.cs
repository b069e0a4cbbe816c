using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.Sidecar.Tests.Hosting;

public sealed class HotReloadTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly SidecarRuntime _runtime = new(TimeProvider.System, registryFolder: null);
    private readonly HttpClient _client = new();
    private SidecarHost? _sidecar;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_sidecar is not null)
        {
            await _sidecar.DisposeAsync();
        }

        await _runtime.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_component_comes_changes_and_goes_with_its_file()
    {
        await StartAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, await SaveAsync("cart"));

        await WriteAsync("cart.yaml", Component("cart", "state.in-memory"));
        await UntilAsync("components", "cart state.in-memory");
        Assert.Equal(HttpStatusCode.NoContent, await SaveAsync("cart"));

        await WriteAsync("cart.yaml", Component("cart", "state.sqlite", ("connectionString", _folder.File("cart.db"))));
        await UntilAsync("components", "cart state.sqlite");
        Assert.Equal(HttpStatusCode.NoContent, await SaveAsync("cart"));

        File.Delete(_folder.File("cart.yaml"));
        await UntilAsync("components", "");
        Assert.Equal(HttpStatusCode.InternalServerError, await SaveAsync("cart"));
    }

    [Fact]
    public async Task A_component_that_fails_and_may_not_ends_the_sidecar()
    {
        await StartAsync();
        await WriteAsync("cart.yaml", Component("cart", "state.sqlite"));

        var end = await Assert.ThrowsAsync<SidecarStartException>(() => _sidecar!.Reloads.WaitAsync(Wait, TestContext.Current.CancellationToken));
        Assert.EndsWith("missing connection string", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_stands_twice_ends_the_sidecar()
    {
        await StartAsync();
        await WriteAsync("cart.yaml", Component("cart", "state.in-memory") + "---\n" + Component("cart", "pubsub.in-memory"));

        var end = await Assert.ThrowsAsync<SidecarStartException>(() => _sidecar!.Reloads.WaitAsync(Wait, TestContext.Current.CancellationToken));
        Assert.Equal(
            "failed to load resources from disk: duplicate definition of Component name cart (pubsub.in-memory/v1) with existing cart (state.in-memory/v1)",
            end.Message);
    }

    [Fact]
    public async Task Resiliency_and_endpoints_follow_their_files()
    {
        await StartAsync();
        await WriteAsync("more.yaml", """
            apiVersion: dapr.io/v1alpha1
            kind: Resiliency
            metadata: { name: patience }
            spec: { policies: { timeouts: { general: 5s } }, targets: {} }
            ---
            apiVersion: dapr.io/v1alpha1
            kind: HTTPEndpoint
            metadata: { name: bank }
            spec: { baseUrl: "http://localhost:1" }
            """);
        await UntilAsync("resiliencies", "patience");
        await UntilAsync("httpEndpoints", "bank");

        File.Delete(_folder.File("more.yaml"));
        await UntilAsync("resiliencies", "");
        await UntilAsync("httpEndpoints", "");
    }

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    private static string Component(string name, string type, params (string Name, string Value)[] metadata) =>
        $$"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: {{name}} }
        spec:
          type: {{type}}
          version: v1
          metadata: [{{string.Join(", ", metadata.Select(item => $"{{ name: {item.Name}, value: \"{item.Value}\" }}"))}}]

        """;

    private async Task StartAsync() => _sidecar = await SidecarHost.StartAsync(
        new SidecarOptions { AppId = "shop", DaprHttpPort = 0, EnableMetrics = false, ResourcesPaths = [_folder.Path] },
        _runtime, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);

    private Task WriteAsync(string file, string text) => File.WriteAllTextAsync(_folder.File(file), text, TestContext.Current.CancellationToken);

    private async Task<HttpStatusCode> SaveAsync(string store)
    {
        using var items = new StringContent("""[{ "key": "a", "value": 1 }]""", Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync(Address($"state/{store}"), items, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Asks metadata until a list is as expected: names, and types where there are any.</summary>
    private async Task UntilAsync(string list, string expected)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(Wait);
        string listed;
        do
        {
            var metadata = JsonNode.Parse(await _client.GetStringAsync(Address("metadata"), timeout.Token))!;
            listed = string.Join(", ", (metadata[list]?.AsArray() ?? []).Select(entry => $"{entry!["name"]} {entry["type"]}".Trim()));
        }
        while (listed != expected);
    }

    private Uri Address(string path) => new($"http://127.0.0.1:{_sidecar!.HttpPort}/v1.0/{path}");
}
