using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DaprMesh.Sdk.Tests.Actors;

/// <summary>
/// A sidecar and its app in one process without a socket: actor calls run the app's pipeline in the caller's own flow.
/// </summary>
internal sealed class InProcessHandler : HttpMessageHandler, IServer
{
    private Func<FeatureCollection, Task>? _app;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public ConcurrentDictionary<string, string> State { get; } = new();

    public ConcurrentQueue<string> ReentrancyIds { get; } = new();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _app = async features =>
        {
            var context = application.CreateContext(features);
            await application.ProcessRequestAsync(context);
            application.DisposeContext(context, null);
        };
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath["/v1.0".Length..];
        if (path.Contains("/method/", StringComparison.Ordinal))
            return await CallAppAsync(request, path, cancellationToken);
        if (request.Method == HttpMethod.Put)
            State[path] = await request.Content!.ReadAsStringAsync(cancellationToken);
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private async Task<HttpResponseMessage> CallAppAsync(HttpRequestMessage request, string path, CancellationToken cancellationToken)
    {
        var call = new HttpRequestFeature { Method = "PUT", Path = path, Protocol = "HTTP/1.1", Scheme = "http" };
        foreach (var header in request.Headers)
            call.Headers[header.Key] = header.Value.ToArray();
        // The first call is a reentrant one. Of those it makes in turn the id is kept back, so none of them is.
        if (ReentrancyIds.IsEmpty)
            call.Headers["Dapr-Reentrancy-Id"] = "first";
        else
            call.Headers.Remove("Dapr-Reentrancy-Id");
        ReentrancyIds.Enqueue(request.Headers.TryGetValues("Dapr-Reentrancy-Id", out var ids) ? ids.Single() : "");
        call.Body = request.Content is null ? Stream.Null : await request.Content.ReadAsStreamAsync(cancellationToken);

        var answer = new MemoryStream();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(call);
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        await _app!(features);
        answer.Position = 0;
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(answer) };
    }
}
