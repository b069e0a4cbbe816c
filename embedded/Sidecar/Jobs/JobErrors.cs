using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Jobs;

/// <summary>The answers of the jobs API that are not a success.</summary>
internal sealed class JobErrors(SidecarContext context)
{
    public const string Disabled = "scheduler clients are disabled";

    private readonly Dictionary<string, string> _metadata = new() { ["appID"] = context.AppId, ["namespace"] = context.Namespace };

    /// <summary>Why a scheduler cannot have a job of that name; null when it can.</summary>
    public static string? NameFault(string key)
    {
        if (key.AsSpan().IndexOfAny("/\\#?") >= 0)
        {
            return $"job name is invalid {Actors.GoText.Quote(key)}: must not contain '/', '\\', '#' or '?'";
        }

        if (key.Any(c => c is < ' ' or '\x7f'))
        {
            return $"job name is invalid {Actors.GoText.Quote(key)}: must not contain control characters";
        }

        const int longest = 512;
        return key.Length > longest ? $"job name is invalid {Actors.GoText.Quote(key)}: must be no more than {longest} characters" : null;
    }

    public static string Unknown(string reason) => $"rpc error: code = Unknown desc = {reason}";

    public static ApiException Malformed(string reason) => new(400, "ERR_MALFORMED_REQUEST", $"failed deserializing HTTP body: {reason}");

    public ApiException NameInBody() => ApiException.Rich(
        400, null, "Set the job name in the url only", "DAPR_SCHEDULER_JOB_NAME", new Dictionary<string, string> { ["appID"] = context.AppId });

    public ApiException EmptyName() => ApiException.Rich(400, null, "Name is empty", "DAPR_SCHEDULER_JOB_NAME_EMPTY", _metadata);

    public ApiException EmptySchedule() => ApiException.Rich(400, null, "Schedule is empty", "DAPR_SCHEDULER_SCHEDULE_EMPTY", _metadata);

    public ApiException Schedule(string reason, int status = 500) =>
        ApiException.Rich(status, null, $"failed to schedule job due to: {reason}", "DAPR_SCHEDULER_SCHEDULE_JOB", _metadata);

    public ApiException Get(string reason) => ApiException.Rich(500, null, $"failed to get job due to: {reason}", "DAPR_SCHEDULER_GET_JOB", _metadata);

    public ApiException Delete(string reason) =>
        ApiException.Rich(500, null, $"failed to delete job due to: {reason}", "DAPR_SCHEDULER_DELETE_JOB", _metadata);
}
