using System.Buffers;
using System.Text.Json;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Jobs;
using DaprMesh.Sidecar.Runtime;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Actors;

/// <summary>Reminders: they stand with the scheduler, outlive the sidecar, and call the actor wherever it is then.</summary>
internal sealed class ActorReminders
{
    private readonly List<TickReceiver> _receivers = [];
    private readonly SidecarContext _context;
    private readonly ActorRuntime? _runtime;
    private readonly Scheduler? _scheduler;
    private readonly ILogger _log;

    public ActorReminders(SidecarContext context, ActorRuntime? runtime)
    {
        _context = context;
        _runtime = runtime;
        _scheduler = string.IsNullOrEmpty(context.Options.SchedulerHostAddress) ? null : Scheduler.Of(context.Runtime, context.Options.SchedulerHostAddress);
        _log = context.Loggers.CreateLogger("dapr.runtime.actors.reminders");
    }

    /// <summary>Takes the ticks of the types that the app hosts.</summary>
    public void Start()
    {
        foreach (var type in _runtime?.Types ?? [])
        {
            if (_scheduler is not null)
            {
                _receivers.Add(_scheduler.Receive(
                    SchedulerJob.ActorTarget(_context.Namespace, type.Name), (job, ct) => DeliverAsync(type.Name, job, ct)));
            }
        }
    }

    public async Task StopAsync(CancellationToken ct)
    {
        var receivers = _receivers.ToArray();
        _receivers.Clear();
        await Task.WhenAll(receivers.Select(receiver => _scheduler!.RemoveAsync(receiver, ct)));
    }

    public async Task CreateAsync(ActorRuntime runtime, string type, string id, string name, CallbackRequest request)
    {
        var scheduler = _scheduler ?? throw ActorErrors.ReminderCreate(JobErrors.Disabled);
        RequireHosted(runtime, type);
        string? schedule = null;
        uint? repeats = null;
        if (request.Period.Length > 0)
        {
            if (!RepeatPeriod.TryParse(request.Period, out var period) || period.HasDateParts)
            {
                throw ActorErrors.ReminderCreate($"unsupported period format: {request.Period}");
            }

            schedule = "@every " + GoDuration.Format(period.Time);
            repeats = period.Repetitions is > 0 and { } count ? (uint)count : null;
        }

        var job = new SchedulerJob(
            Key(type, id, name), SchedulerJob.ActorTarget(_context.Namespace, type), name, id, schedule, repeats,
            request.DueTime.Length > 0 ? request.DueTime : null, request.Ttl.Length > 0 ? request.Ttl : null, request.Data, FailurePolicy.Default);
        if (JobErrors.NameFault(job.Key) is { } fault)
        {
            throw ActorErrors.ReminderCreate(JobErrors.Unknown(fault));
        }

        try
        {
            if (!await scheduler.PutAsync(job, request.Overwrite ?? true))
            {
                throw ActorErrors.ReminderExists(name);
            }

            _context.Metrics.ActorReminders(type, 1);
        }
        catch (FormatException e)
        {
            throw ActorErrors.ReminderCreate(JobErrors.Unknown($"job failed validation: {e.Message}"));
        }
    }

    public async Task<byte[]> GetAsync(ActorRuntime runtime, string type, string id, string name)
    {
        if (_scheduler is null)
        {
            throw ActorErrors.ReminderGet($"api error: code = Internal desc = failed to get job due to: {JobErrors.Disabled}");
        }

        RequireHosted(runtime, type);
        var job = await _scheduler.FindAsync(Key(type, id, name)) ?? throw ActorErrors.ReminderNotFound(name);
        var reminder = Write(json =>
        {
            json.WriteString("actorID", id);
            json.WriteString("actorType", type);
            WriteData(json, job.Data);
            if (job.DueTime is not null)
            {
                json.WriteString("dueTime", job.DueTime);
            }

            if (job.Schedule is not null)
            {
                json.WriteString("period", job.Schedule);
            }

            if (job.Ttl is not null && PointInTime.TryParseInstant(job.Ttl, out _))
            {
                json.WriteString("ttl", job.Ttl);
            }
        });
        return [.. reminder, (byte)'\n']; // Go's encoder ends the line
    }

    public async Task DeleteAsync(ActorRuntime runtime, string type, string id, string name)
    {
        var scheduler = _scheduler ?? throw ActorErrors.ReminderDelete(JobErrors.Disabled);
        RequireHosted(runtime, type);
        await scheduler.DeleteAsync(Key(type, id, name));
        _context.Metrics.ActorReminders(type, -1);
    }

    private static void RequireHosted(ActorRuntime runtime, string type)
    {
        if (!runtime.Hosts(type))
        {
            throw ActorErrors.ReminderNotHosted();
        }
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteData(Utf8JsonWriter json, byte[]? data)
    {
        if (data is not null)
        {
            json.WritePropertyName("data");
            json.WriteRawValue(data, skipInputValidation: true);
        }
    }

    private async Task<TickOutcome> DeliverAsync(string type, SchedulerJob job, CancellationToken ct)
    {
        var body = Write(json =>
        {
            WriteData(json, job.Data);
            json.WriteString("dueTime", "");
            json.WriteString("period", "");
        });
        try
        {
            using var answer = await _runtime!.Router.CallAsync(ActorCall.Reminder(type, job.ActorId!, job.Name, body), ct);
            _context.Metrics.ActorReminderFired(type, true);
            return TickOutcome.Done;
        }
        catch (Exception e) when (e is ActorCallException or ActorMovedException or ActorNotHostedException or StackDepthException
            or TimeoutException or Resiliency.CircuitOpenException)
        {
            _context.Metrics.ActorReminderFired(type, false);
            _log.LogWarning("Reminder {ActorType}||{ActorId}||{Reminder} failed: {Reason}", type, job.ActorId, job.Name, e.Message);
            return TickOutcome.Failed;
        }
    }

    private string Key(string type, string id, string name) => $"actorreminder||{_context.Namespace}||{type}||{id}||{name}";
}
