using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>The public port: metadata and health, without token and pipeline.</summary>
internal sealed class PublicApi(RouteTable routes)
{
    public async Task HandleAsync(HttpContext http)
    {
        if (!routes.TryMatch(http, ApiPath.Clean(ApiPath.Raw(http)), out var call))
        {
            await ApiPipeline.PlainAsync(http, StatusCodes.Status404NotFound, "404 page not found\n");
            return;
        }

        try
        {
            await call.Route.Handler(call);
        }
        catch (ApiException e)
        {
            await call.JsonAsync(JsonSerializer.SerializeToUtf8Bytes(e.ToJson(), JsonText.Options), e.Status);
        }
    }
}
