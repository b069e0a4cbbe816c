using DaprMesh.Sidecar.Invoke;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>A route between sidecars, under a first path segment of its own.</summary>
internal interface IInternalRoutes
{
    /// <summary>The first segment of its paths, such as <c>actors</c>.</summary>
    string InternalSegment { get; }

    /// <param name="path">The escaped path behind that segment, without a leading slash.</param>
    Task HandleInternalAsync(HttpContext http, string path, Caller caller);
}

/// <summary>
/// The internal port: what other sidecars of the same user ask of this one. Whoever cannot show the secret that this sidecar
/// left in the registry is refused.
/// </summary>
internal sealed class InternalApi(SidecarContext context, InvokeApi invoke, IReadOnlyList<IBuildingBlock> blocks, Func<string, bool> isPeer)
{
    private readonly Dictionary<string, IInternalRoutes> _routes = blocks.OfType<IInternalRoutes>()
        .ToDictionary(routes => routes.InternalSegment, StringComparer.Ordinal);

    public async Task HandleAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (!isPeer(headers[InternalHeaders.Secret].ToString()))
        {
            // A sidecar that is ending has left the registry: its peers ask another instance.
            http.Response.Headers[InternalHeaders.NothingSent] = "true";
            await ApiPipeline.PlainAsync(http, StatusCodes.Status403Forbidden, "this port is for other sidecars\n");
            return;
        }

        var caller = new Caller(headers[InternalHeaders.Caller].ToString(), headers[InternalHeaders.CallerNamespace].ToString());
        var path = ApiPath.Raw(http)[1..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (segment, rest) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        try
        {
            if (segment == "invoke")
            {
                await InvokeAsync(http, rest, caller);
            }
            else if (_routes.TryGetValue(segment, out var routes))
            {
                await routes.HandleInternalAsync(http, rest, caller);
            }
            else
            {
                await ApiPipeline.PlainAsync(http, StatusCodes.Status404NotFound, "404 page not found\n");
            }
        }
        catch (InvokeException e) when (!http.Response.HasStarted)
        {
            if (e.NothingSent)
            {
                http.Response.Headers[InternalHeaders.NothingSent] = "true";
            }

            await RefuseAsync(http, e.Code, e.Message);
        }
        catch (BodyTooLargeException e) when (!http.Response.HasStarted)
        {
            await RefuseAsync(http, "Internal", e.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The calling sidecar is gone.
        }
    }

    /// <summary>An answer of this sidecar, not of its app.</summary>
    public static Task RefuseAsync(HttpContext http, string code, string message)
    {
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        http.Response.Headers[InternalHeaders.Error] = code;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(message, CancellationToken.None);
    }

    private async Task InvokeAsync(HttpContext http, string escapedMethod, Caller caller)
    {
        var attempt = int.TryParse(http.Request.Headers[InternalHeaders.Attempt].ToString(), out var given) ? Math.Clamp(given, 1, 100) : 1;
        var request = new ApiRequest("/" + escapedMethod, context.Options.MaxBodySize) { Attempt = attempt };
        http.Features.Set(request);
        await using var body = await RequestBody.OfAsync(http, request.MaxBodySize, keep: false);
        using var response = await invoke.App.SendAsync(
            http, request, HttpMethod.Parse(http.Request.Method), Uri.UnescapeDataString(escapedMethod), body, caller, http.RequestAborted);
        await ResponseRelay.CopyAsync(response, http, http.RequestAborted);
    }
}
