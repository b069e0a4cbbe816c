using DaprMesh.Gateway.Routing;

namespace DaprMesh.Gateway.Pages;

/// <summary>How every service of the mesh is: each one's own readiness, asked at the same time.</summary>
internal static class MeshHealth
{
    public static void MapMeshHealth(this IEndpointRouteBuilder app) => app.MapGet("/health", GetAsync).ExcludeFromDescription();

    private static async Task<IResult> GetAsync(RouteTable routes, Ask ask, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var apps = await Task.WhenAll(routes.Apps.Select(async app =>
        {
            var started = clock.GetTimestamp();
            var answer = await ask.GetAsync(app, "/healthz/ready", ct);
            var ms = Math.Round(clock.GetElapsedTime(started).TotalMilliseconds, 1);
            return KeyValuePair.Create(app, new AppHealth(answer.IsSuccess ? "ready" : answer.Status is null ? "down" : "not-ready", ms, answer.Fault));
        }));
        var healthy = Array.TrueForAll(apps, app => app.Value.Status == "ready");
        return TypedResults.Json(
            new MeshState(healthy ? "ready" : "degraded", apps.ToDictionary()),
            statusCode: healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>The whole mesh.</summary>
internal sealed record MeshState(string Status, IReadOnlyDictionary<string, AppHealth> Apps);

/// <summary>One app of it.</summary>
/// <param name="Status"><c>ready</c>, <c>not-ready</c> or <c>down</c>.</param>
internal sealed record AppHealth(string Status, double Ms, string? Reason);
