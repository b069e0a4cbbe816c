using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resiliency;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>Service invocation: by path, by header, by HTTPEndpoint and by address. It takes every request that no route matches.</summary>
internal sealed class InvokeApi : IBuildingBlock
{
    private static readonly HashSet<string> Verbs = new(StringComparer.Ordinal)
    {
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE",
    };

    private readonly SidecarContext _context;
    private readonly ExternalEndpoints _endpoints;
    private readonly AppInvoker _app;
    private readonly PeerInvoker _peers;
    private readonly bool _allowed;

    public InvokeApi(SidecarContext context)
    {
        _context = context;
        _endpoints = new ExternalEndpoints(context);
        _app = new AppInvoker(context);
        _peers = new PeerInvoker(context);
        _allowed = ApiRules.IsInvokeAllowed(context.Configuration);
    }

    /// <summary>What calls of other sidecars arrive at.</summary>
    public AppInvoker App => _app;

    /// <summary>The API's routes: without the fallback of service invocation a wrong verb is told apart from an unknown path.</summary>
    public RouteTable? Routes { get; private set; }

    public void Map(RouteTable routes)
    {
        Routes = routes;

        // Service invocation is what is left when no route matches; see ApiPipeline.
    }

    public async Task InvokeAsync(HttpContext http, ApiRequest request)
    {
        if (!_allowed)
        {
            if (Routes?.MethodsOf(ApiPath.Clean(request.RawPath)) is { Count: > 0 } methods)
            {
                http.Response.StatusCode = 405;
                http.Response.Headers.Allow = methods.ToArray();
                return;
            }

            await ApiPipeline.PlainAsync(http, 404, "404 page not found\n");
            return;
        }

        var target = InvokeTarget.Of(http, request.RawPath) ?? throw new ApiException(
            404, "ERR_DIRECT_INVOKE", "failed getting app id either from the URL path or the header dapr-app-id");
        try
        {
            await InvokeAsync(http, request, target);
        }
        catch (InvokeException e)
        {
            var status = e.Code == "PermissionDenied" ? 403 : 500;
            throw new ApiException(status, "ERR_DIRECT_INVOKE", $"failed to invoke, id: {target.Id}, err: {e.Message}");
        }
        catch (TimeoutException)
        {
            throw Failed(target, "context deadline exceeded");
        }
        catch (CircuitOpenException e)
        {
            throw Failed(target, e.Message);
        }
        catch (BodyTooLargeException e)
        {
            throw Failed(target, e.Message);
        }
    }

    private static ApiException Failed(InvokeTarget target, string reason) =>
        new(500, "ERR_DIRECT_INVOKE", $"failed to invoke, id: {target.Id}, err: {reason}");

    private async Task InvokeAsync(HttpContext http, ApiRequest request, InvokeTarget target)
    {
        var method = HttpMethod.Parse(Verbs.Contains(http.Request.Method) ? http.Request.Method : "POST");
        if (_endpoints.Find(target.Id) is { } endpoint)
        {
            var policyOfEndpoint = _context.Resiliency.App(target.Id, target.Method);
            await RelayAsync(http, request, policyOfEndpoint, (body, ct) => endpoint.SendAsync(http, request, method, target.Method, body, ct));
            return;
        }

        var (appId, ns) = Split(target.Id);
        string decoded;
        try
        {
            decoded = MethodPath.Decode(target.Method);
        }
        catch (InvalidMethodException e)
        {
            throw new InvokeException("InvalidArgument", new InvokeException("InvalidArgument", e.Message).ToRpcText());
        }

        var policy = _context.Resiliency.App(target.Id, decoded);
        if (appId == _context.AppId && ns == _context.Namespace)
        {
            await RelayAsync(http, request, policy, (body, ct) => _app.SendAsync(http, request, method, decoded, body, caller: null, ct));
            return;
        }

        // The name is looked up before the policy: an app that is not there is no failure of a call.
        if (!_context.Runtime.Names.Knows(_context, ns, appId))
        {
            throw new InvokeException("NotFound", "no host found with the given ID");
        }

        var builtIn = _context.Resiliency.HasAppPolicy(target.Id) ? Policy.None : _context.Resiliency.BuiltIn("DaprBuiltInServiceRetries");
        await RelayAsync(http, request, policy, (body, ct) => _peers.SendAsync(http, request, method, appId, ns, decoded, body, builtIn, ct));
    }

    /// <summary>Runs the call under its policy and relays the last answer.</summary>
    private static async Task RelayAsync(
        HttpContext http, ApiRequest request, Policy policy, Func<RequestBody, CancellationToken, Task<HttpResponseMessage>> send)
    {
        var ct = http.RequestAborted;
        await using var body = await RequestBody.OfAsync(http, request.MaxBodySize, keep: policy.Retries);
        if (policy.IsNone)
        {
            using var response = await send(body, ct);
            await ResponseRelay.CopyAsync(response, http, ct);
            return;
        }

        HttpResponseMessage? last = null;
        var attempts = 0;
        try
        {
            last = await policy.RunAsync(
                async attempt =>
                {
                    last?.Dispose();
                    last = null;
                    request.Attempt = ++attempts;
                    try
                    {
                        last = await send(body, attempt);
                    }
                    catch (Exception e) when (!body.CanReplay && e is not OperationCanceledException)
                    {
                        throw new PermanentException(e);
                    }

                    if ((int)last.StatusCode is < 200 or >= 400)
                    {
                        var failure = new StatusException((int)last.StatusCode, $"the app answered {(int)last.StatusCode}");
                        throw body.CanReplay ? failure : new PermanentException(failure);
                    }

                    return last;
                },
                ct);
        }
        catch (StatusException) when (last is not null)
        {
            // The retries are used up: the app's own answer is the answer.
        }
        catch (PermanentException e) when (last is not null && e.InnerException is StatusException)
        {
            // The same, for a body that cannot be sent again.
        }
        catch (PermanentException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
        }

        using (last)
        {
            await ResponseRelay.CopyAsync(last!, http, ct);
        }
    }

    private (string AppId, string Namespace) Split(string id)
    {
        var parts = id.Split('.');
        return parts.Length switch
        {
            1 => (id, _context.Namespace),
            // Without a namespace of its own a self-hosted sidecar knows only one.
            2 => (parts[0], _context.Options.Namespace.Length == 0 ? _context.Namespace : parts[1]),
            _ => throw new InvokeException("InvalidArgument", $"invalid app id {id}"),
        };
    }
}
