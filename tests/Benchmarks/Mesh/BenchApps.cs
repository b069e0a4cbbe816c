using DaprMesh.Benchmarks.Calibration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Benchmarks.Mesh;

/// <summary>The apps that are measured through: ordinary ASP.NET Core programs that do next to nothing.</summary>
internal static class BenchApps
{
    /// <summary>The setting that says which app the program is, when it runs as one.</summary>
    public const string Role = "role";

    public static readonly byte[] Hello = "{\"message\":\"hello\"}"u8.ToArray();

    private static readonly byte[] Saved =
        """[{"operation":"upsert","request":{"key":"count","value":{"count":1,"note":"what the actor keeps between its calls"}}}]"""u8.ToArray();

    public static void Run(string role, string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        if (role.StartsWith("documents", StringComparison.Ordinal))
        {
            DocumentsApp.Add(builder.Services, shards: role == "documents" ? 1 : 4);
        }

        var app = builder.Build();
        switch (role)
        {
            case "target":
                app.MapPost("/echo", Answer);
                break;
            case "caller":
                MapCaller(app);
                break;
            case "subscriber":
                MapSubscriber(app);
                break;
            case "actors":
                MapActors(app);
                break;
            case "documents" or "documents-sharded":
                DocumentsApp.Map(app);
                break;
            default:
                throw new ArgumentException($"There is no app {role}.", nameof(role));
        }

        app.Run();
    }

    public static Task Answer(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Hello.Length;
        return http.Response.BodyWriter.WriteAsync(Hello).AsTask();
    }

    private static void MapCaller(WebApplication app)
    {
        var client = Client(app);
        var target = new Uri(app.Configuration["DAPR_HTTP_ENDPOINT"] + "/v1.0/invoke/target/method/echo");
        app.MapPost("/call", async http =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = Json(Hello) };
            using var response = await client.SendAsync(request, http.RequestAborted);
            var body = await response.Content.ReadAsByteArrayAsync(http.RequestAborted);
            http.Response.StatusCode = (int)response.StatusCode;
            http.Response.ContentLength = body.Length;
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        });
    }

    private static void MapSubscriber(WebApplication app)
    {
        var deliveries = app.Services.GetRequiredService<Deliveries>();
        var subscriptions = """[{"pubsubname":"pubsub","topic":"orders","route":"/orders"}]"""u8.ToArray();
        app.MapGet("/dapr/subscribe", http => http.Response.Body.WriteAsync(subscriptions).AsTask());
        app.MapPost("/orders", async http => deliveries.Add(await PlainServer.ReadAsync(http)));
    }

    private static void MapActors(WebApplication app)
    {
        var client = Client(app);
        var state = app.Configuration["DAPR_HTTP_ENDPOINT"] + "/v1.0/actors/Counter/";
        var config = """{"entities":["Counter"]}"""u8.ToArray();
        app.MapGet("/dapr/config", http => http.Response.Body.WriteAsync(config).AsTask());
        app.MapDelete("/actors/Counter/{id}", http => Task.CompletedTask);
        app.MapPut("/actors/Counter/{id}/method/{method}", async http =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(state + http.Request.RouteValues["id"] + "/state")) { Content = Json(Saved) };
            using var response = await client.SendAsync(request, http.RequestAborted);
            http.Response.StatusCode = response.IsSuccessStatusCode ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError;
        });
    }

    /// <summary>The handler that the process offers its apps, as the Dapr client uses it.</summary>
    private static HttpMessageInvoker Client(WebApplication app) => new(app.Services.GetRequiredKeyedService<HttpMessageHandler>("dapr"), disposeHandler: false);

    private static ByteArrayContent Json(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return content;
    }
}
