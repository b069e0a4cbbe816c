using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sdk.Tests.Actors;

/// <summary>The actor API of a sidecar over HTTP, without turns: it keeps what it is given and passes calls to the app.</summary>
internal sealed class FakeSidecar : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly HttpClient _http = new();
    private readonly ConcurrentDictionary<string, string> _stored = new();

    private FakeSidecar(WebApplication web) => _web = web;

    public string Url => _web.Urls.Single();

    public string? AppUrl { get; set; }

    public string? Expiry { get; set; }

    /// <summary>When set, every request is answered with it.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public bool Reentrant { get; set; }

    public ConcurrentQueue<Received> Requests { get; } = new();

    public IEnumerable<Received> Writes => Requests.Where(request => request.Method == "PUT" && request.Path.EndsWith("/state", StringComparison.Ordinal));

    public string? State(string actor, string key) => _stored.GetValueOrDefault($"/v1.0/actors/{actor}/state/{key}");

    public void SetState(string actor, string key, string json) => _stored[$"/v1.0/actors/{actor}/state/{key}"] = json;

    public void SetReminder(string actor, string name, string json) => _stored[$"/v1.0/actors/{actor}/reminders/{name}"] = json;

    public static async Task<FakeSidecar> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var sidecar = new FakeSidecar(builder.Build());
        sidecar._web.Run(sidecar.AnswerAsync);
        await sidecar._web.StartAsync(TestContext.Current.CancellationToken);
        return sidecar;
    }

    /// <summary>Calls the app as the sidecar does when a reminder or timer is due, or an actor idle.</summary>
    public async Task<string> TellAppAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, AppUrl + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _http.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var path = context.Request.Path.Value ?? "";
        Requests.Enqueue(new Received(context.Request.Method, path, body, headers));
        if (Instead is not null)
            await Instead(context);
        else if (path.Contains("/method/", StringComparison.Ordinal))
            await PassOnAsync(context, path, body);
        else
            await StoreAsync(context, path, body);
    }

    private async Task PassOnAsync(HttpContext context, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, AppUrl + path["/v1.0".Length..]) { Content = new StringContent(body) };
        foreach (var name in new[] { "X-DaprRequestHeader", "Dapr-Reentrancy-Id" })
        {
            if (context.Request.Headers.TryGetValue(name, out var value))
                request.Headers.Add(name, value.ToString());
        }

        if (Reentrant && !request.Headers.Contains("Dapr-Reentrancy-Id"))
            request.Headers.Add("Dapr-Reentrancy-Id", Guid.NewGuid().ToString());

        using var response = await _http.SendAsync(request, context.RequestAborted);
        if (!response.IsSuccessStatusCode)
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsJsonAsync(new { errorCode = "ERR_ACTOR_INVOKE_METHOD", message = "error invoke actor method" });
            return;
        }

        if (response.Headers.TryGetValues("X-DaprErrorResponseHeader", out var error))
            context.Response.Headers["X-Daprerrorresponseheader"] = error.Single();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task StoreAsync(HttpContext context, string path, string body)
    {
        context.Response.StatusCode = 204;
        if (path.EndsWith("/state", StringComparison.Ordinal))
        {
            using var operations = JsonDocument.Parse(body);
            foreach (var operation in operations.RootElement.EnumerateArray())
            {
                var key = $"{path}/{operation.GetProperty("request").GetProperty("key").GetString()}";
                if (operation.GetProperty("operation").GetString() == "delete")
                    _stored.TryRemove(key, out _);
                else
                    _stored[key] = operation.GetProperty("request").GetProperty("value").GetRawText();
            }
        }
        else if (context.Request.Method == "DELETE")
            _stored.TryRemove(path, out _);
        else if (context.Request.Method == "PUT")
            _stored[path] = body;
        else if (_stored.TryGetValue(path, out var found))
        {
            context.Response.StatusCode = 200;
            if (Expiry is not null)
                context.Response.Headers["Metadata.ttlexpiretime"] = Expiry;
            await context.Response.WriteAsync(found, context.RequestAborted);
        }
        else if (path.Contains("/reminders/", StringComparison.Ordinal))
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsJsonAsync(new { errorCode = "ERR_ACTOR_REMINDER_NOT_FOUND", message = "actor reminder not found" });
        }
    }

    public sealed record Received(string Method, string Path, string Body, IReadOnlyDictionary<string, string> Headers);
}
