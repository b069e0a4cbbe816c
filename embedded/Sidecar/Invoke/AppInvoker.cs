using System.Diagnostics;
using DaprMesh.Sidecar.Hosting;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>Who called through another sidecar.</summary>
internal sealed record Caller(string AppId, string Namespace);

/// <summary>The last leg of an invocation: from the callee's sidecar to its app.</summary>
internal sealed class AppInvoker(SidecarContext context)
{
    private static readonly string HostName = System.Net.Dns.GetHostName();
    private readonly AccessControl? _accessControl = AccessControl.From(context.Configuration.AccessControl);
    private readonly string _forwardedBy = HostAddress(context);
    private readonly string _forwarded = $"for={HostAddress(context)};by={HostAddress(context)};host={HostName}";

    /// <param name="method">The decoded method path.</param>
    /// <param name="caller">Null: the sidecar's own app calls itself.</param>
    /// <exception cref="InvokeException">The app gave no answer; see its code.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpContext http, ApiRequest request, HttpMethod verb, string method, RequestBody body, Caller? caller, CancellationToken ct)
    {
        if (caller is not null)
        {
            Authorize(caller, method, verb);
            context.Metrics.InvocationRequestReceived(caller.AppId);
        }

        var app = context.App ?? throw new InvokeException(
            "Internal", caller is null ? "cannot invoke local endpoint: app channel not initialized" : "app channel is not initialized");
        if (!context.Health.AppHealthy)
        {
            var unhealthy = new InvokeException("Internal", "app is not in a healthy state") { NothingSent = true };
            throw caller is null ? new InvokeException("Internal", unhealthy.ToRpcText()) : unhealthy;
        }

        Uri address;
        try
        {
            address = app.Address(MethodPath.Encode(method) + http.Request.QueryString.Value);
        }
        catch (FormatException e)
        {
            throw new InvokeException("Internal", $"error invoking app channel: parse \"{app.BaseAddress}{method}\": {e.Message}");
        }

        using var message = new HttpRequestMessage(verb, address);
        message.Content = body.Content();
        ProxyHeaders.CopyRequest(http, message);
        var span = Trace(http, request, message, caller, method);
        if (caller is not null)
        {
            Identify(message, caller, request.Attempt);
        }

        var started = Stopwatch.GetTimestamp();
        try
        {
            var response = await app.SendAsync(message, ct);
            if (body.IsTooLarge)
            {
                // An app in this process reads the body itself and has met its end: what it made of that is no answer.
                response.Dispose();
                throw new HttpRequestException("The body is too large.", new BodyTooLargeException());
            }

            var status = (int)response.StatusCode;
            context.Tracing.End(span, status);
            context.Metrics.HttpClient(
                verb.Method, address.AbsolutePath, status, Stopwatch.GetElapsedTime(started).TotalMilliseconds,
                http.Request.ContentLength ?? 0, response.Content.Headers.ContentLength ?? 0);
            if (caller is not null)
            {
                context.Metrics.InvocationResponseSent(caller.AppId, status);
                if (!response.IsSuccessStatusCode && http.Request.Headers.Accept.ToString().Trim().Equals("text/event-stream", StringComparison.OrdinalIgnoreCase))
                {
                    // daprd hands on events, and nothing else, to another sidecar that asks for events.
                    response.Dispose();
                    throw new InvokeException("Internal", "error invoking app channel: no response received from stream");
                }
            }

            return response;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            context.Tracing.End(span, 500);
            var reason = GoErrors.Describe(verb, address, e);
            throw caller is null
                ? new InvokeException("Internal", Local(reason, http, address, e), e)
                : e.GetBaseException() is BodyTooLargeException
                    ? new InvokeException("Internal", e.GetBaseException().Message, e)
                    : new InvokeException("Internal", "error invoking app channel: " + reason, e) { NothingSent = GoErrors.IsConnectionRefused(e) };
        }
    }

    private static string HostAddress(SidecarContext context) => context.Options.Environment.TryGetValue("DAPR_HOST_IP", out var ip) ? ip : "127.0.0.1";

    private static string Local(string reason, HttpContext http, Uri address, Exception error) =>
        error.GetBaseException() is BodyTooLargeException && http.Request.ContentLength is not null
            ? reason.Replace(": stream too large", $": readfrom tcp 127.0.0.1:0->127.0.0.1:{address.Port}: stream too large", StringComparison.Ordinal)
            : reason;

    private void Authorize(Caller caller, string method, HttpMethod verb)
    {
        // daprd knows the caller by its mTLS certificate. Without one only the global action applies, unless the launcher vouches for its callers.
        var appId = context.Options.IdentifyCallers ? caller.AppId : "";
        if (_accessControl is not null && !_accessControl.IsAllowed(appId.Length > 0 ? appId : null, caller.Namespace, method, verb.Method))
        {
            throw new InvokeException(
                "PermissionDenied", $"access control policy has denied access to id: {appId} operation: {method} verb: {verb.Method}");
        }
    }

    private Activity? Trace(HttpContext http, ApiRequest request, HttpRequestMessage message, Caller? caller, string method)
    {
        if (!context.Tracing.IsOn)
        {
            return null;
        }

        // A call to the own app is part of the API request; one from elsewhere is a span of its own under the caller's.
        var span = caller is null
            ? request.Span
            : context.Tracing.StartConsumer(
                $"CallLocal/{context.AppId}/{method}",
                request.Span?.Id ?? http.Request.Headers.TraceParent.ToString(),
                request.Span?.TraceStateString ?? http.Request.Headers.TraceState.ToString());
        if (span?.Id is not null)
        {
            message.Headers.Remove("traceparent");
            message.Headers.TryAddWithoutValidation("traceparent", span.Id);
        }

        return caller is null ? null : span;
    }

    private void Identify(HttpRequestMessage message, Caller caller, int attempt)
    {
        Prepend(message, "dapr-caller-app-id", caller.AppId);
        Prepend(message, "dapr-caller-namespace", caller.Namespace);
        Prepend(message, "dapr-callee-app-id", context.AppId);

        // Each attempt of the caller's sidecar adds itself once more.
        for (var i = 0; i < attempt; i++)
        {
            Append(message, "X-Forwarded-For", _forwardedBy);
            Append(message, "X-Forwarded-Host", HostName);
            Append(message, "Forwarded", _forwarded);
        }
    }

    /// <summary>What the caller sent under the name stays, behind what the sidecar knows.</summary>
    private static void Prepend(HttpRequestMessage message, string name, string value)
    {
        if (message.Headers.NonValidated.TryGetValues(name, out var given))
        {
            string[] values = [value, .. given];
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, values);
        }
        else
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static void Append(HttpRequestMessage message, string name, string value) => message.Headers.TryAddWithoutValidation(name, value);
}
