using System.Net;
using Dapr;
using Dapr.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.Sdk.Tests.AspNetCore;

public sealed class ServicesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_finds_its_sidecar_and_token_in_the_configuration()
    {
        await using var sidecar = await SidecarStub.StartAsync();
        await using var services = Services([new("DAPR_HTTP_PORT", new Uri(sidecar.Endpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), new("DAPR_API_TOKEN", "t")], _ => { });
        await services.GetRequiredService<DaprClient>().SaveStateAsync("orders", "k", 1, cancellationToken: Cancellation);
        Assert.Equal("t", sidecar.Single.Header("dapr-api-token"));
    }

    [Fact]
    public async Task A_handler_in_the_container_takes_every_call_and_outlives_the_clients()
    {
        using var handler = new RecordingHandler();
        await using (var services = Services([new("DAPR_HTTP_ENDPOINT", "http://sidecar.test:1")], s => s.AddKeyedSingleton<HttpMessageHandler>("dapr", handler)))
        {
            var client = services.GetRequiredService<DaprClient>();
            await client.SaveStateAsync("orders", "k", 1, cancellationToken: Cancellation);
            Assert.True(await client.CheckHealthAsync(Cancellation));
            using (var invoker = client.CreateInvokableHttpClient("cart"))
                using (await invoker.GetAsync(new Uri("/items", UriKind.Relative), Cancellation)) { }
            using (var invoker = client.CreateInvokableHttpClient("cart"))
                using (await invoker.GetAsync(new Uri("/items", UriKind.Relative), Cancellation)) { }
        }

        Assert.Equal(
            ["http://sidecar.test:1/v1.0/state/orders", "http://sidecar.test:1/v1.0/healthz", "http://sidecar.test:1/v1.0/invoke/cart/method/items", "http://sidecar.test:1/v1.0/invoke/cart/method/items"],
            handler.Sent);
        Assert.False(handler.Disposed);
    }

    [Fact]
    public async Task The_app_token_decides_who_is_the_sidecar()
    {
        await using var app = await AppServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection([new("APP_API_TOKEN", "s3cret")]);
                builder.Services.AddAuthentication().AddDapr();
                builder.Services.AddAuthorization(options => options.AddDapr());
            },
            app => app.MapGet("/", (System.Security.Claims.ClaimsPrincipal user) => user.Identity?.Name).RequireAuthorization("Dapr"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/", token: null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/", token: "wrong")).Status);
        Assert.Equal((HttpStatusCode.OK, "Dapr"), await GetAsync(app, "/", token: "s3cret"));
    }

    [Fact]
    public async Task Without_an_expected_token_nobody_is_the_sidecar()
    {
        await using var app = await AppServer.StartAsync(
            builder =>
            {
                builder.Services.AddAuthentication().AddDapr(options => options.Token = "");
                builder.Services.AddAuthorization(options => options.AddDapr("sidecar"));
            },
            app => app.MapGet("/", () => "in").RequireAuthorization("sidecar"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(app, "/", token: "")).Status);
    }

    [Fact]
    public async Task A_controller_gets_its_state_from_the_route()
    {
        await using var sidecar = await SidecarStub.StartAsync();
        sidecar.Answer("GET /v1.0/state/accounts/a-1", 200, """{"balance":5}""", headers: ("ETag", "7"));
        await using var app = await AppServer.StartAsync(
            builder => builder.Services.AddControllers().AddApplicationPart(typeof(AccountsController).Assembly).AddDapr(client => client.UseHttpEndpoint(sidecar.Endpoint)),
            app => app.MapControllers());

        Assert.Equal((HttpStatusCode.OK, "5 7"), await GetAsync(app, "/accounts/a-1/entry"));
        Assert.Equal((HttpStatusCode.OK, "none "), await GetAsync(app, "/accounts/a-2/entry"));
        Assert.Equal((HttpStatusCode.OK, "5"), await GetAsync(app, "/accounts/a-1/value"));
        Assert.Equal((HttpStatusCode.OK, "none"), await GetAsync(app, "/accounts/a-2/value"));
    }

    private static ServiceProvider Services(IEnumerable<KeyValuePair<string, string?>> settings, Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        add(services);
        services.AddDaprClient();
        return services.BuildServiceProvider();
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(AppServer app, string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("dapr-api-token", token);
        using var response = await app.Http.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private sealed class RecordingHandler : HttpMessageHandler
    {
        public List<string> Sent { get; } = [];

        public bool Disposed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent.Add($"{request.RequestUri}");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent) { RequestMessage = request });
        }

        protected override void Dispose(bool disposing)
        {
            Disposed = true;
            base.Dispose(disposing);
        }
    }
}

public sealed record Account(decimal Balance);

[Route("accounts")]
public sealed class AccountsController : ControllerBase
{
    [HttpGet("{account}/entry")]
    public string Entry([FromState("accounts")] StateEntry<Account?> account) => $"{account.Value?.Balance.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} {account.ETag}";

    [HttpGet("{id}/value")]
    public string Value([FromState("accounts", "id")] Account? account) => account?.Balance.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none";
}
