using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace DaprMesh.Gateway;

/// <summary>Passes a request on to an app through the sidecar, and its answer back, streaming both.</summary>
internal sealed class Forwarder(
    IHttpClientFactory clients, SidecarAddress sidecar, IOptions<GatewayOptions> options, IProblemDetailsService problems, TimeProvider clock, ILogger<Forwarder> log)
{
    public const string ClientName = "sidecar";

    // RFC 9110, 7.6.1: what belongs to one hop.
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Host",
    };

    public static HttpMessageHandler Handler() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    public async Task ForwardAsync(HttpContext http, string appId)
    {
        var ct = http.RequestAborted;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var timer = clock.CreateTimer(_ => timeout.Cancel(), null, options.Value.Timeout, Timeout.InfiniteTimeSpan);
        try
        {
            using var request = Request(http, appId);
            using var response = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); // the answer has begun; how long it lasts is up to the app
            if (await IsSidecarErrorAsync(response, ct))
            {
                await ProblemAsync(http, StatusCodes.Status503ServiceUnavailable, "Service unavailable", $"The service {appId} cannot be reached. Try again in a moment.");
                return;
            }

            CopyHeaders(response, http.Response);
            await response.Content.CopyToAsync(http.Response.Body, ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            await ProblemAsync(http, StatusCodes.Status504GatewayTimeout, "Timeout", $"The service {appId} did not answer within {options.Value.Timeout.TotalSeconds:0.#} s.");
        }
        catch (HttpRequestException e) when (!ct.IsCancellationRequested && !http.Response.HasStarted)
        {
            log.LogWarning(e, "The sidecar cannot be reached");
            await ProblemAsync(http, StatusCodes.Status502BadGateway, "Bad gateway", $"The service {appId} cannot be reached. Try again in a moment.");
        }
    }

    private HttpRequestMessage Request(HttpContext http, string appId)
    {
        var target = AsWritten(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var address = new Uri($"{sidecar.Base}/v1.0/invoke/{appId}/method{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(HttpMethod.Parse(http.Request.Method), address);
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            request.Content = new StreamContent(http.Request.Body);
        }

        foreach (var (name, values) in http.Request.Headers)
        {
            // Who the caller is, is for the token to say; a header can say anything.
            if (HopByHop.Contains(name) || name.StartsWith("X-User-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("dapr-", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        if (sidecar.Token is { } token)
        {
            request.Headers.TryAddWithoutValidation("dapr-api-token", token);
        }

        request.Headers.Remove("X-Forwarded-Proto");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", http.Request.Scheme);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", http.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", http.Request.Host.Value);
        return request;
    }

    /// <summary>
    /// The sidecar decodes a path once, which would make a %2F a slash and a %25 an error: its percent signs are escaped once more. The query stays.
    /// </summary>
    private static string AsWritten(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target : target[..query];
        return path.Replace("%", "%25", StringComparison.Ordinal) + (query < 0 ? "" : target[query..]);
    }

    /// <summary>The sidecar's own answer, which is not the app's: it could not reach the app.</summary>
    private static async Task<bool> IsSidecarErrorAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.StatusCode != HttpStatusCode.InternalServerError || response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return false;
        }

        await response.Content.LoadIntoBufferAsync(ct);
        var body = await response.Content.ReadAsStringAsync(ct);
        return body.StartsWith("{\"errorCode\":\"ERR_DIRECT_INVOKE\"", StringComparison.Ordinal);
    }

    private static void CopyHeaders(HttpResponseMessage from, HttpResponse to)
    {
        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.NonValidated.Concat(from.Content.Headers.NonValidated))
        {
            if (!HopByHop.Contains(name) && !name.Equals("Server", StringComparison.OrdinalIgnoreCase))
            {
                to.Headers[name] = values.ToArray();
            }
        }
    }

    private async Task ProblemAsync(HttpContext http, int status, string title, string detail)
    {
        http.Response.StatusCode = status;
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = { Status = status, Title = title, Detail = detail } });
    }
}
