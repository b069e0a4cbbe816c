using System.Text.RegularExpressions;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>
/// The workflow API of a sidecar to which no workflow worker is connected: there is no engine here, so every instance is unknown,
/// and each call is told so in daprd's words.
/// </summary>
internal sealed partial class WorkflowApi(SidecarContext context) : IBuildingBlock
{
    private const int MaxInstanceId = 64;

    public void Map(RouteTable routes)
    {
        foreach (var version in (string[])["v1.0", "v1.0-beta1", "v1.0-alpha1"])
        {
            routes.Map("POST", $"{version}/workflows/{{component}}/{{workflow}}/start", "workflows", Start);
            routes.Map("GET", $"{version}/workflows/{{component}}/{{instance}}", "workflows", call => throw Unknown(call, ""));
            routes.Map("POST", $"{version}/workflows/{{component}}/{{instance}}/raiseEvent/{{event}}", "workflows", call => throw Failed(
                call, "RAISE_EVENT", $"error raising event on workflow '{call["instance"]}': failed to raise event {call["event"]} on workflow {call["instance"]}: failed to raise event"));
            routes.Map("POST", $"{version}/workflows/{{component}}/{{instance}}/terminate", "workflows", call => throw Failed(
                call, "TERMINATE", $"error terminating workflow '{call["instance"]}': failed to terminate workflow {call["instance"]}: failed to submit termination request:"));
            routes.Map("POST", $"{version}/workflows/{{component}}/{{instance}}/pause", "workflows", call => throw Failed(
                call, "PAUSE", $"error pausing workflow {call["instance"]}: failed to suspend workflow {call["instance"]}"));
            routes.Map("POST", $"{version}/workflows/{{component}}/{{instance}}/resume", "workflows", call => throw Failed(
                call, "RESUME", $"error resuming workflow {call["instance"]}: failed to resume workflow {call["instance"]}"));
            routes.Map("POST", $"{version}/workflows/{{component}}/{{instance}}/purge", "workflows", call => throw Unknown(
                call, "%!(EXTRA *fmt.wrapError=failed to purge workflow state: failed to fetch workflow state: no such instance exists)"));
        }
    }

    private Task Start(ApiCall call)
    {
        RequirePlacement();
        var id = call.Query("instanceID") ?? "";
        if (id.Length > MaxInstanceId)
        {
            throw new ApiException(400, "ERR_INSTANCE_ID_TOO_LONG", $"workflow instance ID exceeds the max length of {MaxInstanceId} characters");
        }

        if (!Allowed().IsMatch(id))
        {
            throw new ApiException(
                400, "ERR_INSTANCE_ID_INVALID", $"workflow instance ID '{id}' is invalid: only alphanumeric and underscore characters are allowed");
        }

        throw new ApiException(
            500, "ERR_START_WORKFLOW", $"error starting workflow '{call["workflow"]}': {NoWorker(id.Length > 0 ? id : Guid.NewGuid().ToString())}");
    }

    private ApiException Unknown(ApiCall call, string trailer)
    {
        RequirePlacement();
        return new(404, "ERR_INSTANCE_ID_NOT_FOUND", $"unable to find workflow with the provided instance ID: {call["instance"]}{trailer}");
    }

    private ApiException Failed(ApiCall call, string operation, string message)
    {
        RequirePlacement();
        return new(500, $"ERR_{operation}_WORKFLOW", $"{message}: {NoWorker(call["instance"])}");
    }

    private string NoWorker(string instance) =>
        "failed to lookup actor: api error: code = FailedPrecondition desc = did not find address for actor "
        + $"'dapr.internal.{context.Namespace}.{context.AppId}.workflow/{instance}'";

    private void RequirePlacement()
    {
        if (string.IsNullOrEmpty(context.Options.PlacementHostAddress))
        {
            throw new ApiException(400, "ERR_ACTOR_NO_PLACEMENT", "placement service is not configured");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]*$")]
    private static partial Regex Allowed();
}
