using DaprMesh.Gateway.Routing;

namespace DaprMesh.Gateway.Forwarding;

/// <summary>Passes a request on to an app through the sidecar, and its answer back, streaming both.</summary>
internal sealed class Forwarder(SidecarClient sidecar, TimeProvider clock, GatewayMetrics metrics, ILogger<Forwarder> log)
{
    private const int RetryAfterSeconds = 1;

    /// <param name="target">Path and query as the caller wrote them.</param>
    public async Task ForwardAsync(HttpContext http, GatewayRoute route, string target, Exchange exchange)
    {
        if (http.Request.ContentLength > route.MaxBodySize)
        {
            await Problems.TooLargeAsync(http, route);
            return;
        }

        using var deadline = new Deadline(clock, route.Timeout, http.RequestAborted);
        await using var body = IncomingBody.Of(http, route.MaxBodySize, deadline);
        for (var repetition = 1; ; repetition++)
        {
            var failure = await TryAsync(http, route, target, body, deadline, exchange);
            if (failure is not { } failed)
            {
                return;
            }

            if (repetition > route.Retries || !failed.MayRepeat)
            {
                metrics.Failed(route.App, failed.Status);
                await Problems.UnreachableAsync(http, route, failed.Status, failed.Status == StatusCodes.Status504GatewayTimeout ? null : RetryAfterSeconds);
                return;
            }

            metrics.Repeated(route.App);
            exchange.Repetitions = repetition;
            if (RetryRules.Pause(repetition) is { Ticks: > 0 } pause)
            {
                await Task.Delay(pause, clock, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>Null: the exchange is over, in whatever way.</returns>
    private async Task<Failed?> TryAsync(
        HttpContext http, GatewayRoute route, string target, IncomingBody? body, Deadline deadline, Exchange exchange)
    {
        var ct = http.RequestAborted;
        try
        {
            using var request = Request(http, route, target, body);
            using var response = await sidecar.SendAsync(request, deadline.Token);
            deadline.Met();
            if (body is { IsTooLarge: true } or { Failure: not null })
            {
                return await JudgeAsync(http, route, body, new IOException("The app answered to a part of the body.", body.Failure));
            }

            var answer = await SidecarAnswer.OfAsync(response, ct);
            if (answer.Error is { } error)
            {
                return await JudgeAsync(http, route, body, (int)response.StatusCode, error);
            }

            exchange.BytesOut = await ResponseRelay.CopyAsync(response, answer.Peeked, http, ct);
            return null;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            exchange.CallerLeft = true;
            return null;
        }
        catch (OperationCanceledException) when (deadline.IsOver)
        {
            return new Failed(StatusCodes.Status504GatewayTimeout, MayRepeat: false);
        }
        catch (Exception) when (http.Response.HasStarted)
        {
            http.Abort(); // the caller has to see that the answer is not whole
            exchange.Broken = true;
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return await JudgeAsync(http, route, body, e);
        }
    }

    private HttpRequestMessage Request(HttpContext http, GatewayRoute route, string target, IncomingBody? body)
    {
        var request = sidecar.Request(HttpMethod.Parse(http.Request.Method), route.App, target);
        if (body is not null)
        {
            request.Content = new StreamContent(body);
        }
        else if (http.Request.ContentLength == 0)
        {
            request.Content = new ByteArrayContent([]);
        }

        Headers.CopyRequest(http, request);
        return request;
    }

    /// <summary>The sidecar had no answer of the app: why, in the words of daprd.</summary>
    private async Task<Failed?> JudgeAsync(HttpContext http, GatewayRoute route, IncomingBody? body, int status, string error)
    {
        if (body?.IsTooLarge == true || error.Contains("too large", StringComparison.Ordinal))
        {
            await Problems.TooLargeAsync(http, route);
            return null;
        }

        log.NoAnswer(route.App, error);
        if (status == StatusCodes.Status403Forbidden)
        {
            return new Failed(StatusCodes.Status502BadGateway, MayRepeat: false); // the mesh's own access rules are against it
        }

        return error.Contains("context deadline exceeded", StringComparison.Ordinal)
            ? new Failed(StatusCodes.Status504GatewayTimeout, MayRepeat: false)
            : new Failed(StatusCodes.Status503ServiceUnavailable, RetryRules.MayRepeat(http.Request.Method, body, RetryRules.NothingSent(error)));
    }

    private async Task<Failed?> JudgeAsync(HttpContext http, GatewayRoute route, IncomingBody? body, Exception error)
    {
        if (body?.IsTooLarge == true)
        {
            await Problems.TooLargeAsync(http, route);
            return null;
        }

        if (body?.Failure is BadHttpRequestException bad)
        {
            await Problems.BadRequestAsync(http, bad.StatusCode, "request.invalid", "The request's body is not what its head announced.");
            return null;
        }

        log.NoSidecar(error);
        var nothingSent = error is HttpRequestException failed && RetryRules.NothingSent(failed);
        return new Failed(StatusCodes.Status502BadGateway, RetryRules.MayRepeat(http.Request.Method, body, nothingSent));
    }

    private readonly record struct Failed(int Status, bool MayRepeat);
}
