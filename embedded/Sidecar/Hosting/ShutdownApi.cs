namespace DaprMesh.Sidecar.Hosting;

/// <summary><c>POST /v1.0/shutdown</c>.</summary>
/// <param name="shutdown">Begins the stop; true: at once, with exit code 1.</param>
internal sealed class ShutdownApi(Action<bool> shutdown) : IBuildingBlock
{
    public void Map(RouteTable routes) => routes.Map("POST", "v1.0/shutdown", "shutdown", call =>
    {
        var force = call.Http.Request.Headers["dapr-force-shutdown"].ToString() is "true";
        call.NoContent();
        call.Http.Response.OnCompleted(() =>
        {
            shutdown(force);
            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    });
}
