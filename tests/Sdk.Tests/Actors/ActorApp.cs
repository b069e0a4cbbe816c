using Dapr.Actors;
using Dapr.Actors.Client;
using Dapr.Actors.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.Sdk.Tests.Actors;

/// <summary>An app with actors and its sidecar.</summary>
internal sealed class ActorApp : IAsyncDisposable
{
    private readonly WebApplication _web;

    private ActorApp(FakeSidecar sidecar, WebApplication web) => (Sidecar, _web) = (sidecar, web);

    public FakeSidecar Sidecar { get; }

    public IServiceProvider Services => _web.Services;

    public IActorProxyFactory Proxies => Services.GetRequiredService<IActorProxyFactory>();

    public static async Task<ActorApp> StartAsync(
        Action<ActorRuntimeOptions>? configure = null, Action<WebApplicationBuilder>? build = null)
    {
        var sidecar = await FakeSidecar.StartAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("DAPR_HTTP_ENDPOINT", sidecar.Url)]);
        builder.Services.AddSingleton<ScopeLog>();
        builder.Services.AddScoped<ScopedThing>();
        builder.Services.AddActors(options =>
        {
            options.Actors.RegisterActor<CounterActor>();
            configure?.Invoke(options);
        });
        build?.Invoke(builder);
        var web = builder.Build();
        web.UseRouting();
        web.MapActorsHandlers();
        await web.StartAsync(TestContext.Current.CancellationToken);
        sidecar.AppUrl = web.Urls.Single();
        return new ActorApp(sidecar, web);
    }

    public ICounter Counter(string id) => Proxies.CreateActorProxy<ICounter>(new ActorId(id), nameof(CounterActor));

    public ActorProxy Untyped(string id) => Proxies.Create(new ActorId(id), nameof(CounterActor));

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await Sidecar.DisposeAsync();
    }
}
