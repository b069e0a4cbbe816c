using DaprMesh.Gateway.Forwarding;
using DaprMesh.Gateway.Limits;
using DaprMesh.Gateway.Routing;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace DaprMesh.Gateway;

/// <summary>What happens to a request, in this order: its target is read, its route is found, its caller is known and counted, and it is passed on.</summary>
internal sealed class Door(RequestDelegate next, RouteTable routes, LimitGate limits, Forwarder forwarder, UpgradeForwarder upgrades)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (IsSmuggled(http.Request))
        {
            http.Response.Headers.Connection = "close";
            await Problems.BadRequestAsync(http, StatusCodes.Status400BadRequest, "request.ambiguous", "A request has a Content-Length or a Transfer-Encoding, not both.");
            return;
        }

        if (RequestTarget.Read(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is not { } target)
        {
            await Problems.BadRequestAsync(http, StatusCodes.Status400BadRequest, "path.ambiguous", "The path has empty or dot segments, backslashes or control characters.");
            return;
        }

        // A page that gives way is what is there until a service takes its place.
        var own = http.GetEndpoint();
        var route = own is null || own.Metadata.GetMetadata<GivesWay>() is not null ? routes.Find(http.Request.Path.Value ?? "") : null;
        if (route is null)
        {
            await (own is null ? Problems.NoRouteAsync(http) : next(http));
            return;
        }

        var exchange = Exchange.Of(http);
        exchange.Route = route;
        if (await IsWelcomeAsync(http, route, exchange))
        {
            if (http.Features.Get<IStatusCodePagesFeature>() is { } pages)
            {
                pages.Enabled = false; // an app's empty error is its answer
            }

            await (UpgradeForwarder.IsAskedFor(http)
                ? upgrades.ForwardAsync(http, route, target, exchange)
                : forwarder.ForwardAsync(http, route, target, exchange));
        }
    }

    /// <summary>False when the request has been answered: its token is wrong or missing, or its caller asks too often.</summary>
    private async ValueTask<bool> IsWelcomeAsync(HttpContext http, GatewayRoute route, Exchange exchange)
    {
        var failure = http.IdentityFailure();
        if (failure is null)
        {
            exchange.UserId = http.CurrentUser().Id;
        }
        else if (route.Token == TokenRule.Required || (route.Token == TokenRule.Optional && !ReferenceEquals(failure, IdentityFailure.Missing)))
        {
            await http.WriteIdentityFailureAsync(failure);
            return false;
        }

        return (exchange.UserId is null || await limits.PassesIdentityAsync(http, exchange.UserId))
            && await limits.PassesRouteAsync(http, route, exchange.UserId);
    }

    /// <summary>Two lengths: who reads the other one sees other requests. The server has moved the one that it does not use aside.</summary>
    private static bool IsSmuggled(HttpRequest request) =>
        request.Headers.TransferEncoding.Count > 0 && (request.Headers.ContainsKey("X-Content-Length") || request.ContentLength is not null);
}

/// <summary>An own page in whose place the route table can put a service.</summary>
internal sealed class GivesWay;
