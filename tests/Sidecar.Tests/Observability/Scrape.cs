using System.Text;
using DaprMesh.Sidecar.Observability;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Tests.Observability;

internal static class Scrape
{
    public static async Task<string> TextAsync(this SidecarMetrics metrics)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { Response = { Body = body } };
        await metrics.WriteAsync(http);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", http.Response.ContentType);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    public static async Task<string[]> LinesAsync(this SidecarMetrics metrics) => (await metrics.TextAsync()).Split('\n');
}
