using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Invoke;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Actors;

/// <summary>The calls from the sidecar to the actors in its app.</summary>
internal sealed class ActorTransport(SidecarContext context, AppChannel app)
{
    /// <exception cref="ActorCallException">The app could not be reached or did not answer 200.</exception>
    public async ValueTask<ActorAnswer> CallAsync(ActorCall call, string? reentrancyId, CancellationToken ct)
    {
        var path = $"actors/{GoText.EscapePath(call.Type)}/{GoText.EscapePath(call.Id)}/method";
        var method = ActorNames.Clean(call.Method);
        if (method.Length > 0)
        {
            path += "/" + GoText.EscapePath(method);
        }

        using var request = app.Request(HttpMethod.Put, path + call.Query);
        request.Content = new ReadOnlyMemoryContent(call.Body);
        if (call.Kind == ActorCallKind.Method)
        {
            CopyHeaders(call, request);
        }
        else
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        if (reentrancyId is not null)
        {
            request.Headers.Remove(ActorHost.ReentrancyHeader);
            request.Headers.TryAddWithoutValidation(ActorHost.ReentrancyHeader, reentrancyId);
        }

        return await SendAsync(request, call, method, ct);
    }

    /// <exception cref="ActorCallException">The app could not be reached or did not answer 200.</exception>
    public async Task DeactivateAsync(string type, string id, CancellationToken ct)
    {
        using var request = app.Request(HttpMethod.Delete, $"actors/{GoText.EscapePath(type)}/{GoText.EscapePath(id)}");
        request.Content = new ReadOnlyMemoryContent(ReadOnlyMemory<byte>.Empty);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-protobuf");
        try
        {
            using var response = await app.SendAsync(request, ct);
            if ((int)response.StatusCode != StatusCodes.Status200OK)
            {
                throw new ActorCallException($"error from actor service: ({(int)response.StatusCode}) {await response.Content.ReadAsStringAsync(ct)}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable(HttpMethod.Delete, request.RequestUri!, e);
        }
    }

    private static ActorCallException Unreachable(HttpMethod verb, Uri address, Exception e) => new(GoErrors.Describe(verb, address, e), inner: e);

    private static async ValueTask<ActorAnswer> ReadAsync(HttpResponseMessage response, string path, CancellationToken ct)
    {
        try
        {
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            return (int)response.StatusCode switch
            {
                StatusCodes.Status200OK => new ActorAnswer(response, body),
                StatusCodes.Status404NotFound => throw new ActorCallException($"actor method not found: {path}"),
                var status => throw new ActorCallException($"error from actor service: ({status}) {System.Text.Encoding.UTF8.GetString(body)}"),
            };
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async ValueTask<ActorAnswer> SendAsync(HttpRequestMessage request, ActorCall call, string method, CancellationToken ct)
    {
        try
        {
            var response = await app.SendAsync(request, ct);
            return await ReadAsync(response, $"actors/{call.Type}/{call.Id}/method/{method}", ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable(HttpMethod.Put, request.RequestUri!, e);
        }
    }

    private void CopyHeaders(ActorCall call, HttpRequestMessage request)
    {
        foreach (var (name, values) in call.Headers!)
        {
            if (!ActorHeaders.IsForwarded(name))
            {
                continue;
            }

            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        request.Headers.TryAddWithoutValidation("Dapr-API-Call", "true");
        request.Headers.TryAddWithoutValidation("Dapr-Caller-App-Id", context.AppId);
        request.Headers.TryAddWithoutValidation("Dapr-Caller-Namespace", context.Namespace);
        if (call.IsForwarded)
        {
            request.Headers.TryAddWithoutValidation("X-Dapr-Remote", "true");
        }

        if (call.TraceParent is not null)
        {
            request.Headers.Remove("traceparent");
            request.Headers.TryAddWithoutValidation("traceparent", call.TraceParent);
        }
    }
}
