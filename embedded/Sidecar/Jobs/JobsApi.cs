using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprMesh.Sidecar.Actors;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Jobs;

/// <summary>The jobs API: what the app wants to be called for, later or again and again.</summary>
internal sealed class JobsApi : IBuildingBlock
{
    private readonly SidecarContext _context;
    private readonly Scheduler? _scheduler;
    private readonly JobErrors _errors;
    private readonly ILogger _log;
    private TickReceiver? _receiver;

    public JobsApi(SidecarContext context)
    {
        _context = context;
        _scheduler = string.IsNullOrEmpty(context.Options.SchedulerHostAddress) ? null : Scheduler.Of(context.Runtime, context.Options.SchedulerHostAddress);
        _errors = new JobErrors(context);
        _log = context.Loggers.CreateLogger("dapr.runtime.scheduler");
    }

    public void Map(RouteTable routes)
    {
        foreach (var version in new[] { "v1.0", "v1.0-alpha1" })
        {
            routes.Map("POST", version + "/jobs/{name}", "jobs", ScheduleAsync);
            routes.Map("GET", version + "/jobs/{name}", "jobs", GetAsync);
            routes.Map("DELETE", version + "/jobs/{name}", "jobs", DeleteAsync);
        }
    }

    public Task StartAsync(CancellationToken ct) => ResumeAsync(ct);

    public Task ResumeAsync(CancellationToken ct)
    {
        if (_scheduler is not null && _receiver is null && _context.App is { } app)
        {
            _receiver = _scheduler.Receive(SchedulerJob.JobTarget(_context.Namespace, _context.AppId), (job, token) => DeliverAsync(app, job, token));
        }

        return Task.CompletedTask;
    }

    public Task PauseAsync(CancellationToken ct) => StopAsync(ct);

    public async Task StopAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _receiver, null) is { } receiver)
        {
            await _scheduler!.RemoveAsync(receiver, ct);
        }
    }

    public void Describe(JsonObject metadata)
    {
        if (_scheduler is not null)
        {
            var addresses = _context.Options.SchedulerHostAddress!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            metadata["scheduler"] = new JsonObject { ["connected_addresses"] = new JsonArray([.. addresses.Select(address => (JsonNode)address)]) };
        }
    }

    private async Task ScheduleAsync(ApiCall call)
    {
        var request = Read(await call.ReadBodyAsync());
        var name = call["name"].Trim();
        if (request.Name.Length > 0)
        {
            throw _errors.NameInBody();
        }

        if (name.Length == 0)
        {
            throw _errors.EmptyName();
        }

        if (request.Schedule is null && request.DueTime is null)
        {
            throw _errors.EmptySchedule();
        }

        var scheduler = _scheduler ?? throw _errors.Schedule(JobErrors.Disabled);
        var key = Key(name);
        if (JobErrors.NameFault(key) is { } fault)
        {
            throw _errors.Schedule(JobErrors.Unknown(fault));
        }

        var job = new SchedulerJob(
            key, SchedulerJob.JobTarget(_context.Namespace, _context.AppId), name, null,
            request.Schedule, request.Repeats, request.DueTime, request.Ttl, request.Data, request.Failure);
        try
        {
            if (!await scheduler.PutAsync(job, request.Overwrite))
            {
                throw _errors.Schedule($"rpc error: code = AlreadyExists desc = job already exists: '{key}'", StatusCodes.Status409Conflict);
            }
        }
        catch (FormatException e)
        {
            throw _errors.Schedule(JobErrors.Unknown($"job failed validation: {e.Message}"));
        }

        call.NoContent();
    }

    private async Task GetAsync(ApiCall call)
    {
        var name = call["name"].Trim();
        if (name.Length == 0)
        {
            throw _errors.EmptyName();
        }

        var scheduler = _scheduler ?? throw _errors.Get(JobErrors.Disabled);
        if (JobErrors.NameFault(Key(name)) is { } fault)
        {
            throw _errors.Get(JobErrors.Unknown(fault));
        }

        var job = await scheduler.FindAsync(Key(name)) ?? throw _errors.Get($"rpc error: code = NotFound desc = job not found: {name}");
        await call.JsonAsync(Describe(job));
    }

    private async Task DeleteAsync(ApiCall call)
    {
        var name = call["name"].Trim();
        if (name.Length == 0)
        {
            throw _errors.EmptyName();
        }

        var scheduler = _scheduler ?? throw _errors.Delete(JobErrors.Disabled);
        if (JobErrors.NameFault(Key(name)) is { } fault)
        {
            throw _errors.Delete(JobErrors.Unknown(fault));
        }

        await scheduler.DeleteAsync(Key(name));
        call.NoContent();
    }

    private async Task<TickOutcome> DeliverAsync(AppChannel app, SchedulerJob job, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var success = false;
        try
        {
            using var request = app.Request(HttpMethod.Post, "job/" + GoText.EscapePath(job.Name));
            request.Content = new ByteArrayContent(job.Data ?? []);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            using var response = await app.SendAsync(request, ct);
            success = response.IsSuccessStatusCode;
            if (success || response.StatusCode == System.Net.HttpStatusCode.NotFound)
            {
                return TickOutcome.Done; // an app that does not know the job will not know it later either
            }

            _log.LogWarning("Job {Job} failed: the app answered {Status}", job.Name, (int)response.StatusCode);
            return TickOutcome.Failed;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            _log.LogWarning("Job {Job} failed: {Reason}", job.Name, e.Message);
            return TickOutcome.Failed;
        }
        finally
        {
            _context.Metrics.Job("job_trigger_op", success, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private static JobRequest Read(byte[] body)
    {
        try
        {
            return JobRequest.Read(body);
        }
        catch (FormatException e)
        {
            throw JobErrors.Malformed(e.Message);
        }
    }

    private static byte[] Describe(SchedulerJob job)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writer))
        {
            json.WriteStartObject();
            json.WriteString("name", job.Name);
            WriteIfThere(json, "schedule", job.Schedule);
            if (job.Repeats is { } repeats)
            {
                json.WriteNumber("repeats", repeats);
            }

            WriteIfThere(json, "dueTime", job.DueTime);
            WriteIfThere(json, "ttl", job.Ttl);
            if (job.Data is not null)
            {
                json.WriteStartObject("data");
                json.WriteString("@type", "type.googleapis.com/google.protobuf.Value");
                json.WritePropertyName("value");
                json.WriteRawValue(job.Data, skipInputValidation: true);
                json.WriteEndObject();
            }

            WriteFailure(json, job.Failure);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteFailure(Utf8JsonWriter json, FailurePolicy failure)
    {
        json.WriteStartObject("failurePolicy");
        json.WriteStartObject(failure.Drop ? "drop" : "constant");
        if (failure.Interval is { } interval)
        {
            json.WriteString("interval", Seconds(interval));
        }

        if (failure.MaxRetries is { } retries)
        {
            json.WriteNumber("maxRetries", retries);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>protobuf writes no, three, six or nine decimals.</summary>
    private static string Seconds(TimeSpan time)
    {
        var fraction = time.Ticks % TimeSpan.TicksPerSecond;
        var format = fraction == 0 ? "0" : fraction % TimeSpan.TicksPerMillisecond == 0 ? "0.000" : fraction % TimeSpan.TicksPerMicrosecond == 0 ? "0.000000" : "0.000000000";
        return ((decimal)time.Ticks / TimeSpan.TicksPerSecond).ToString(format, CultureInfo.InvariantCulture) + "s";
    }

    private static void WriteIfThere(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private string Key(string name) => $"app||{_context.Namespace}||{_context.AppId}||{name}";
}
