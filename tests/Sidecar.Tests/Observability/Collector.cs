using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Tests.Observability;

/// <summary>A server that takes what exporters send, by HTTP/1.1 or by gRPC over plain HTTP/2.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;
    private readonly Channel<Export> _exports = Channel.CreateUnbounded<Export>();

    private Collector(WebApplication app) => _app = app;

    public string Address => new Uri(_app.Urls.First()).Authority;

    public static async Task<Collector> StartAsync(HttpProtocols protocols, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        var collector = new Collector(builder.Build());
        collector._app.Run(collector.TakeAsync);
        await collector._app.StartAsync(ct);
        return collector;
    }

    /// <summary>What came next, or comes.</summary>
    public Task<Export> NextAsync(CancellationToken ct) => _exports.Reader.ReadAsync(ct).AsTask().WaitAsync(Patience, ct);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        _exports.Writer.TryWrite(new Export(
            http.Request.Path, http.Request.ContentType ?? "",
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()));
        if (http.Request.ContentType == "application/grpc")
        {
            http.Response.ContentType = "application/grpc";
            http.Response.AppendTrailer("grpc-status", "0");
            // An empty message: not compressed, length 0.
            await http.Response.Body.WriteAsync(new byte[5], http.RequestAborted);
        }
    }

    public sealed record Export(string Path, string ContentType, IReadOnlyDictionary<string, string> Headers, byte[] Body);
}
