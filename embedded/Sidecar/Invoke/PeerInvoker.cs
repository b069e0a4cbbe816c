using System.Diagnostics;
using System.Net;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resiliency;
using DaprMesh.Sidecar.Runtime;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>From the caller's sidecar to the callee's: a method call in one process, the internal port between processes and without dispatch.</summary>
internal sealed class PeerInvoker(SidecarContext context)
{
    /// <exception cref="InvokeException">No sidecar answered, or the callee's had no answer of its app.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpContext http, ApiRequest request, HttpMethod verb, string appId, string ns, string method, RequestBody body, Policy builtIn, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        context.Metrics.InvocationRequestSent(appId);
        var response = await SendWithRetriesAsync(http, request, verb, appId, ns, method, body, builtIn, ct);
        context.Metrics.InvocationResponseReceived(appId, (int)response.StatusCode, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return response;
    }

    private async Task<HttpResponseMessage> SendWithRetriesAsync(
        HttpContext http, ApiRequest request, HttpMethod verb, string appId, string ns, string method, RequestBody body, Policy builtIn, CancellationToken ct)
    {
        var retries = -1;
        Peer? known = null;
        try
        {
            return await builtIn.RunAsync(
                async attempt =>
                {
                    retries++;
                    try
                    {
                        // A sidecar that stopped renewing its name while we retry is still the one we failed to reach.
                        known = context.Runtime.Names.Resolve(context, ns, appId) ?? known
                            ?? throw new InvokeException("NotFound", "no host found with the given ID");
                        return await SendToAnyAsync(http, request, verb, known, method, body, attempt);
                    }
                    catch (Exception e) when (e is not InvokeException { Code: "Unavailable" } || !body.CanReplay)
                    {
                        throw new PermanentException(e);
                    }
                },
                ct);
        }
        catch (PermanentException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
        catch (InvokeException e) when (e.Code == "Unavailable" && retries > 0)
        {
            throw new InvokeException(e.Code, $"failed to invoke target {appId} after {retries} retries. Error: {e.Message}", e);
        }
    }

    /// <summary>To that instance, and to the others one after the other while the request reaches none.</summary>
    private async Task<HttpResponseMessage> SendToAnyAsync(
        HttpContext http, ApiRequest request, HttpMethod verb, Peer peer, string method, RequestBody body, CancellationToken ct)
    {
        List<string>? gone = null;
        while (true)
        {
            try
            {
                return await SendOnceAsync(http, request, verb, peer, method, body, ct);
            }
            catch (InvokeException e) when (e.NothingSent && (body.CanReplay || body.IsUntouched))
            {
                (gone ??= []).Add(peer.Address);
                if (context.Runtime.Names.Resolve(context, peer.Namespace, peer.AppId, gone) is not { } other)
                {
                    throw;
                }

                peer = other;
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpContext http, ApiRequest request, HttpMethod verb, Peer peer, string method, RequestBody body, CancellationToken ct)
    {
        if (peer.Local is { } local && context.Runtime.Dispatch.Enabled)
        {
            try
            {
                return await local.Invoke.App.SendAsync(http, request, verb, method, body, new Caller(context.AppId, context.Namespace), ct);
            }
            catch (InvokeException e) when (e.GetBaseException() is not BodyTooLargeException)
            {
                throw new InvokeException(e.Code, e.ToRpcText(), e) { NothingSent = e.NothingSent };
            }
        }

        return await SendRemoteAsync(http, request, verb, peer, method, body, ct);
    }

    private async Task<HttpResponseMessage> SendRemoteAsync(
        HttpContext http, ApiRequest request, HttpMethod verb, Peer peer, string method, RequestBody body, CancellationToken ct)
    {
        // The method is escaped as data: the callee decodes it back to exactly what this sidecar decoded.
        var path = Uri.EscapeDataString(method);
        var address = new Uri(
            $"http://{peer.Address}/invoke/{path}{http.Request.QueryString.Value}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var message = new HttpRequestMessage(verb, address);
        message.Content = body.Content();
        ProxyHeaders.CopyRequest(http, message);
        message.Headers.TryAddWithoutValidation(InternalHeaders.Secret, peer.Secret);
        message.Headers.TryAddWithoutValidation(InternalHeaders.Caller, context.AppId);
        message.Headers.TryAddWithoutValidation(InternalHeaders.CallerNamespace, context.Namespace);
        message.Headers.TryAddWithoutValidation(InternalHeaders.Attempt, request.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (request.Span?.Id is { } traceParent)
        {
            message.Headers.Remove("traceparent");
            message.Headers.TryAddWithoutValidation("traceparent", traceParent);
        }

        HttpResponseMessage response;
        try
        {
            response = await context.Runtime.Dispatch.Client.SendAsync(message, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            if (e.GetBaseException() is BodyTooLargeException tooLarge)
            {
                throw new InvokeException("Internal", tooLarge.Message, e);
            }

            throw GoErrors.IsConnectionRefused(e)
                ? new InvokeException("Unavailable",
                    $"rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: {GoErrors.Reason(address, e)}\"", e) { NothingSent = true }
                : new InvokeException("Internal", $"rpc error: code = Unavailable desc = error reading from server: {GoErrors.Reason(address, e)}", e);
        }

        if (response.Headers.NonValidated.TryGetValues(InternalHeaders.Error, out var code))
        {
            using (response)
            {
                var reason = await response.Content.ReadAsStringAsync(ct);
                throw new InvokeException(code.ToString(), new InvokeException(code.ToString(), reason).ToRpcText())
                {
                    NothingSent = response.Headers.NonValidated.Contains(InternalHeaders.NothingSent),
                };
            }
        }

        if (response.StatusCode == HttpStatusCode.Forbidden && response.Headers.NonValidated.Contains(InternalHeaders.NothingSent))
        {
            response.Dispose();
            throw new InvokeException("Unavailable", $"rpc error: code = Unavailable desc = the sidecar at {peer.Address} is ending") { NothingSent = true };
        }

        return response;
    }
}
