using DaprMesh.Gateway.Routing;
using DaprMesh.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;

namespace DaprMesh.Gateway.Forwarding;

/// <summary>
/// Passes on a request that wants its connection to become something else, a WebSocket. A sidecar's invocation API is a request and an answer,
/// so these go to the app itself.
/// </summary>
internal sealed class UpgradeForwarder(AppAddresses addresses, TimeProvider clock, GatewayMetrics metrics, ILogger<UpgradeForwarder> log) : IDisposable
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private readonly HttpMessageInvoker _http = new(SidecarClient.Sockets());

    public static bool IsAskedFor(HttpContext http) =>
        http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } && http.Request.Headers.Upgrade.Count > 0;

    public async Task ForwardAsync(HttpContext http, GatewayRoute route, string target, Exchange exchange)
    {
        // Only what browsers and clients know as such; anything else could speak past the door's rules.
        if (http.Request.Method != "GET" || !http.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase))
        {
            await http.WriteProblemAsync(StatusCodes.Status501NotImplemented, "upgrade.unknown", "Connections can be upgraded to websocket, to nothing else.");
            return;
        }

        using var deadline = new Deadline(clock, route.Timeout, http.RequestAborted);
        try
        {
            using var response = await ConnectAsync(http, route, target, deadline.Token);
            deadline.Met();
            if (response is null)
            {
                metrics.Failed(route.App, StatusCodes.Status503ServiceUnavailable);
                await Problems.UnreachableAsync(http, route, StatusCodes.Status503ServiceUnavailable, retryAfter: 1);
            }
            else if (response.StatusCode == System.Net.HttpStatusCode.SwitchingProtocols)
            {
                await SwitchAsync(http, response, exchange);
            }
            else
            {
                exchange.BytesOut = await ResponseRelay.CopyAsync(response, [], http, http.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            exchange.CallerLeft = true;
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            await Problems.UnreachableAsync(http, route, StatusCodes.Status504GatewayTimeout, retryAfter: null);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <returns>Null: no instance answers.</returns>
    private async Task<HttpResponseMessage?> ConnectAsync(HttpContext http, GatewayRoute route, string target, CancellationToken ct)
    {
        foreach (var address in addresses.Of(route.App))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address.GetLeftPart(UriPartial.Authority) + target, in AsWritten));
            Headers.CopyRequest(http, request);
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
            try
            {
                return await _http.SendAsync(request, ct);
            }
            catch (HttpRequestException e)
            {
                log.NoUpgrade(route.App, address.Authority, e);
            }
        }

        return null;
    }

    /// <summary>From here on bytes go both ways until one side has no more.</summary>
    private static async Task SwitchAsync(HttpContext http, HttpResponseMessage response, Exchange exchange)
    {
        Headers.CopyResponse(response, http.Response);
        http.Response.Headers.Connection = "Upgrade";
        http.Response.Headers.Upgrade = "websocket";
        await using var app = await response.Content.ReadAsStreamAsync(http.RequestAborted);
        await using var caller = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var directions = new[] { PassAsync(caller, app, over.Token), PassAsync(app, caller, over.Token) };
        await Task.WhenAny(directions);
        await over.CancelAsync();
        var passed = await Task.WhenAll(directions);
        exchange.BytesOut = passed[1];
    }

    private static async Task<long> PassAsync(Stream from, Stream to, CancellationToken ct)
    {
        var buffer = new byte[4096];
        long passed = 0;
        try
        {
            for (int read; (read = await from.ReadAsync(buffer, ct)) > 0; passed += read)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), ct);
                await to.FlushAsync(ct);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has gone: so goes the other.
        }

        return passed;
    }
}
