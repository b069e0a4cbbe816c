using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Hosting;

/// <summary><c>GET /v1.0/healthz</c> and <c>/v1.0/healthz/outbound</c>.</summary>
internal sealed class HealthApi(SidecarContext context) : IBuildingBlock
{
    public void Map(RouteTable routes)
    {
        routes.Map("GET", "v1.0/healthz", "healthz", Health);
        routes.Map("GET", "v1.0/healthz/outbound", "healthz", Outbound);
    }

    private Task Health(ApiCall call)
    {
        if (!context.Health.Ready)
        {
            throw new ApiException(500, "ERR_HEALTH_NOT_READY", $"dapr is not ready: [{context.Health.Waiting}]");
        }

        if (call.Query("appid") is { } appId && appId != context.AppId)
        {
            throw new ApiException(500, "ERR_HEALTH_APPID_NOT_MATCH", "dapr app-id does not match");
        }

        call.NoContent();
        return Task.CompletedTask;
    }

    private Task Outbound(ApiCall call)
    {
        if (!context.Health.OutboundReady)
        {
            throw new ApiException(StatusCodes.Status500InternalServerError, "ERR_OUTBOUND_HEALTH_NOT_READY", "dapr outbound is not ready");
        }

        call.NoContent();
        return Task.CompletedTask;
    }
}
