using DaprMesh.Gateway.Forwarding;
using DaprMesh.Gateway.Limits;
using DaprMesh.Gateway.Pages;
using DaprMesh.Gateway.Routing;
using DaprMesh.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Gateway;

internal static class GatewayServices
{
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        builder.AddValidatedOptions<GatewayOptions>();
        builder.Services.AddSingleton<IValidateOptions<GatewayOptions>, RouteRules>();
        builder.Services.Configure<ServiceOptions>(service => service.MaxBodySize = long.MaxValue); // each route has a limit of its own
        builder.Services.AddSingleton<GatewayMetrics>();
        builder.Services.AddSingleton<RouteTable>();
        builder.Services.AddSingleton<SidecarClient>();
        builder.Services.AddSingleton<Forwarder>();
        builder.Services.AddSingleton<AppAddresses>();
        builder.Services.AddSingleton<UpgradeForwarder>();
        builder.Services.AddSingleton<LeaseStore>();
        builder.Services.AddSingleton<RateLimiter>();
        builder.Services.AddSingleton<LimitGate>();
        builder.Services.AddSingleton<Ask>();
        builder.Services.AddSingleton<ApiDocument>();
    }
}
