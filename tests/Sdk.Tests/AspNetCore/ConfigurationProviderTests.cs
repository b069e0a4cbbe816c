using Dapr;
using Dapr.Client;
using Dapr.Extensions.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace DaprMesh.Sdk.Tests.AspNetCore;

public sealed class ConfigurationProviderTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private SidecarStub? _sidecar;
    private DaprClient? _client;

    private SidecarStub Sidecar => _sidecar ?? throw new InvalidOperationException("The test has not started.");

    private DaprClient Client => _client ?? throw new InvalidOperationException("The test has not started.");

    public async ValueTask InitializeAsync()
    {
        _sidecar = await SidecarStub.StartAsync();
        _client = new DaprClientBuilder().UseHttpEndpoint(_sidecar.Endpoint).Build();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_sidecar is not null)
            await _sidecar.DisposeAsync();
    }

    [Fact]
    public void Every_secret_becomes_a_value()
    {
        Sidecar.Answer("GET /v1.0/secrets/vault/bulk", 200, """{"db":{"db__user":"u"},"key":{"key":"k"}}""");
        using var configuration = Build(b => b.AddDaprSecretStore("vault", Client, Patience));
        Assert.Equal(("u", "k"), (configuration["db:user"], configuration["key"]));
    }

    [Fact]
    public void Described_secrets_get_their_names_and_may_be_missing()
    {
        Sidecar.Answer("GET /v1.0/secrets/vault/db", 200, """{"db":"u","extra-x":"e"}""").Answer("GET /v1.0/secrets/vault/none", 500, """{"errorCode":"ERR_SECRET_GET","message":"no"}""");
        using var configuration = Build(b => b.AddDaprSecretStore(source =>
        {
            source.Store = "vault";
            source.Client = Client;
            source.KeyDelimiters = ["-"];
            source.SecretDescriptors = [new DaprSecretDescriptor("Database", secretKey: "db"), new DaprSecretDescriptor("none", isRequired: false)];
        }));
        Assert.Equal(("u", "e", null), (configuration["database"], configuration["extra:x"], configuration["none"]));
        Assert.ThrowsAny<DaprException>(() => Build(b => b.AddDaprSecretStore("vault", [new DaprSecretDescriptor("none")], Client)));
    }

    [Fact]
    public async Task An_optional_store_is_loaded_once_the_sidecar_is_there()
    {
        var ready = 0;
        Sidecar.Answer("GET /v1.0/secrets/vault/bulk", 200, """{"key":{"key":"k"}}""").Answer("GET /v1.0/healthz/outbound", context =>
        {
            context.Response.StatusCode = Volatile.Read(ref ready) == 0 ? 500 : 204;
            return Task.CompletedTask;
        });
        using var configuration = Build(b => b.AddDaprSecretStore("vault", Client, Patience, optional: true));
        Assert.Null(configuration["key"]);

        var loaded = Reloaded(configuration);
        Volatile.Write(ref ready, 1);
        await loaded.WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal("k", configuration["key"]);
    }

    [Fact]
    public async Task Configuration_is_read_once_or_followed()
    {
        var reads = 0;
        var version = "v1";
        var followed = new TaskCompletionSource();
        Sidecar.Answer("GET /v1.0/configuration/settings", async context =>
        {
            await context.Response.WriteAsync($$$"""{"version":{"value":"{{{Volatile.Read(ref version)}}}"}}""", context.RequestAborted);
            if (Interlocked.Increment(ref reads) == 2)
                followed.SetResult();
        });
        using var configuration = Build(b => b
            .AddDaprConfigurationStore("settings", ["version"], Client, Patience)
            .AddStreamingDaprConfigurationStore("settings", ["version"], Client, Patience));
        Assert.Equal("v1", configuration["version"]);

        await followed.Task.WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        Volatile.Write(ref version, "v2");
        for (var changed = Reloaded(configuration); configuration["version"] != "v2"; changed = Reloaded(configuration))
            await changed.WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private static ConfigurationRoot Build(Action<IConfigurationBuilder> add)
    {
        var builder = new ConfigurationBuilder();
        add(builder);
        return (ConfigurationRoot)builder.Build();
    }

    private static Task Reloaded(IConfigurationRoot configuration)
    {
        var done = new TaskCompletionSource();
        ChangeToken.OnChange(configuration.GetReloadToken, () => done.TrySetResult());
        return done.Task;
    }
}
