using DaprMesh.Sidecar.Hosting;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>The httpPipeline of the Configuration, wrapped around the API's routes.</summary>
internal static class HttpPipeline
{
    public static Func<RequestDelegate, RequestDelegate> Of(SidecarContext context)
    {
        var pipeline = new PipelineSteps(context.Configuration.HttpPipeline, context);
        return next => pipeline.IsConfigured
            ? http => pipeline.Current is { Count: > 0 } steps ? RunAsync(steps, http, next) : next(http)
            : next;
    }

    private static async Task RunAsync(IReadOnlyList<IHttpMiddleware> steps, HttpContext http, RequestDelegate next)
    {
        var request = ApiRequest.Of(http);
        var exchange = new MiddlewareExchange(
            request?.RawPath ?? ApiPath.Raw(http),
            http.Request.QueryString.Value ?? "",
            $"{http.Connection.RemoteIpAddress}:{http.Connection.RemotePort}",
            name => http.Request.Headers.TryGetValue(name, out var value) ? (string?)value : null);
        foreach (var step in steps)
        {
            await step.ApplyAsync(exchange, http.RequestAborted);
            if (exchange.Refusal is { } refusal)
            {
                AddHeaders(http, exchange);
                http.Response.StatusCode = refusal.Status;
                http.Response.ContentType = "text/plain; charset=utf-8";
                await http.Response.WriteAsync(refusal.Text, http.RequestAborted);
                return;
            }
        }

        AddHeaders(http, exchange);
        if (exchange.IsRewritten)
        {
            request?.RawPath = exchange.Path;
            http.Request.QueryString = new QueryString(exchange.Query);
        }

        if (exchange.RequestBytes is { } incoming)
            http.Request.Body = new MappedStream(http.Request.Body, incoming);
        if (exchange.ResponseBytes is { } outgoing)
            http.Response.Body = new MappedStream(http.Response.Body, outgoing);

        await next(http);
    }

    private static void AddHeaders(HttpContext http, MiddlewareExchange exchange)
    {
        foreach (var (name, value) in exchange.ResponseHeaders)
        {
            http.Response.Headers.Append(name, value);
        }
    }
}
