using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DaprMesh.Testing;

namespace DaprMesh.Gateway.Tests;

/// <summary>The gateway and a service behind it, under <c>/echo</c> and what else a test routes to it.</summary>
public sealed class GatewayMesh : IAsyncDisposable
{
    /// <summary>What replicas share has to be in one place.</summary>
    private const string SharedStore =
        """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: statestore }
        spec:
          type: state.sqlite
          version: v1
          metadata:
            - { name: connectionString, value: state.db }
        """;

    private GatewayMesh(Mesh mesh, EchoApp echo)
    {
        Mesh = mesh;
        Echo = echo;
    }

    public Mesh Mesh { get; }

    public EchoApp Echo { get; }

    public ManualTime Clock => Mesh.Clock;

    /// <summary>Sends to the gateway in process.</summary>
    public HttpClient Client => Mesh.App("gateway");

    public Uri Address => Client.BaseAddress!; // the mesh gives it one

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="settings">Such as <c>Gateway__Timeout</c>.</param>
    public static async Task<GatewayMesh> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null, int gateways = 1, Action<MeshBuilder>? more = null, Action<MeshAppOptions>? gateway = null)
    {
        var echo = new EchoApp();
        var mesh = await Mesh.StartAsync(
            builder =>
            {
                builder.App<GatewayOptions>("gateway", app =>
                {
                    app.Replicas = gateways;
                    app.Settings["Gateway__Routes__/echo__App"] = "echo";
                    app.Settings["Gateway__Routes__/nowhere__App"] = "nowhere";
                    app.Settings["Gateway__Routes__/flaky__App"] = "flaky";
                    app.Settings["Gateway__Routes__/twins__App"] = "twins";
                    foreach (var (name, value) in settings ?? new Dictionary<string, string>())
                    {
                        app.Settings[name] = value;
                    }

                    gateway?.Invoke(app);
                });
                builder.App("echo", echo.Map);
                builder.Resource(SharedStore);
                more?.Invoke(builder);
            },
            Ct);
        return new GatewayMesh(mesh, echo);
    }

    /// <summary>A client over a socket, through the server itself.</summary>
    public HttpClient OverSocket(int replica = 0) => new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 })
    {
        BaseAddress = Mesh.App("gateway", replica).BaseAddress,
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Sends bytes as they are and returns what comes back until the gateway closes the connection.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, Address.Port, Ct);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Ct);
        using var answer = new StreamReader(stream, Encoding.UTF8);
        return await answer.ReadToEndAsync(Ct).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Ct);
    }

    /// <summary>Checks that the answer is problem details of that status, and returns their code.</summary>
    public static async Task<string?> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("traceId").GetString() ?? "");
        return problem.GetProperty("code").GetString();
    }

    public async ValueTask DisposeAsync()
    {
        Echo.Go.Release(1000);
        await Mesh.DisposeAsync();
        Echo.Dispose();
    }
}
