using System.Text.Json.Nodes;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Invoke;
using DaprMesh.Sidecar.Resiliency;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Actors;

/// <summary>The actor API: methods, state, timers and reminders of virtual actors.</summary>
internal sealed class ActorsApi : IBuildingBlock, IInternalRoutes
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SidecarContext _context;
    private readonly ActorState _state;
    private readonly ActorRuntime? _runtime;
    private readonly ActorReminders _reminders;
    private volatile bool _closed;

    public ActorsApi(SidecarContext context)
    {
        _context = context;
        _state = new ActorState(context);
        _runtime = ActorRuntime.Of(context);
        _reminders = new ActorReminders(context, _runtime);
        if (context.App is null)
        {
            _started.SetResult();
        }
    }

    public string InternalSegment => "actors";

    public Task HandleInternalAsync(HttpContext http, string path, Caller caller) => ActorPeers.AnswerAsync(http, path, _runtime?.Host);

    public void Map(RouteTable routes)
    {
        const string actor = "v1.0/actors/{type}/{id}/";
        routes.Map("GET|POST|PUT|DELETE", actor + "method/{method}", "actors", InvokeAsync);
        routes.Map("GET", actor + "state/{key}", "actors", GetStateAsync);
        routes.Map("POST|PUT", actor + "state", "actors", TransactAsync);
        routes.Map("POST|PUT", actor + "timers/{name}", "actors", CreateTimerAsync);
        routes.Map("DELETE", actor + "timers/{name}", "actors", DeleteTimerAsync);
        routes.Map("POST|PUT", actor + "reminders/{name}", "actors", CreateReminderAsync);
        routes.Map("GET", actor + "reminders/{name}", "actors", GetReminderAsync);
        routes.Map("DELETE", actor + "reminders/{name}", "actors", DeleteReminderAsync);
    }

    public async Task StartAsync(CancellationToken ct)
    {
        if (_runtime is not null)
        {
            await _runtime.StartAsync(ct);
            _reminders.Start();
        }

        _started.TrySetResult();
    }

    public async Task PauseAsync(CancellationToken ct)
    {
        await _reminders.StopAsync(ct);
        await (_runtime?.PauseAsync() ?? Task.CompletedTask);
    }

    public async Task ResumeAsync(CancellationToken ct)
    {
        await (_runtime?.ResumeAsync() ?? Task.CompletedTask);
        _reminders.Start();
    }

    public async Task StopAsync(CancellationToken ct)
    {
        _closed = true;
        await _reminders.StopAsync(ct);
        if (_runtime is not null)
        {
            await _runtime.LeaveAsync(ct);
        }
    }

    public void Describe(JsonObject metadata)
    {
        var status = new JsonObject { ["runtimeStatus"] = !_started.Task.IsCompleted ? "INITIALIZING" : _runtime is null ? "DISABLED" : "RUNNING" };
        if (_started.Task.IsCompleted)
        {
            var active = _runtime?.Types.Select(type => type.Active > 0
                ? new JsonObject { ["type"] = type.Name, ["count"] = type.Active }
                : new JsonObject { ["type"] = type.Name }).ToArray() ?? [];
            if (active.Length > 0)
            {
                metadata["actors"] = new JsonArray([.. active]);
                status["activeActors"] = new JsonArray([.. active.Select(entry => entry.DeepClone())]);
            }
        }

        status["hostReady"] = _started.Task.IsCompleted && _runtime?.IsReady == true;
        if (_started.Task.IsCompleted)
        {
            status["placement"] = _runtime is null ? "placement: disconnected" : "placement: connected";
        }

        metadata["actorRuntime"] = status;
    }

    private async Task<ActorRuntime> ReadyAsync(CancellationToken ct)
    {
        if (_closed)
        {
            throw ActorErrors.Closed();
        }

        await _started.Task.WaitAsync(ct);
        return _runtime ?? throw ActorErrors.NoPlacement();
    }

    private async Task InvokeAsync(ApiCall call)
    {
        var runtime = await ReadyAsync(call.Aborted);
        var (type, id, method) = (call["type"], call["id"], call["method"]);
        if (ActorNames.Fault(type) is { } typeFault)
        {
            throw ActorErrors.BadRequest($"invalid actorType: {typeFault}");
        }

        if (ActorNames.Fault(id) is { } idFault)
        {
            throw ActorErrors.BadRequest($"invalid actorId: {idFault}");
        }

        if (ActorNames.MethodFault(method) is { } methodFault)
        {
            throw ActorErrors.BadRequest(methodFault);
        }

        var request = call.Http.Request;
        var actorCall = new ActorCall(
            type, id, method, ActorCallKind.Method, request.QueryString.Value ?? "", request.Headers, await ReadBodyAsync(call), ApiRequest.Of(call.Http)?.Span?.Id, IsForwarded: false);
        using var answer = await CallAsync(runtime, actorCall, call.Aborted);
        await WriteAsync(answer, call);
    }

    private static async ValueTask<byte[]> ReadBodyAsync(ApiCall call)
    {
        try
        {
            return await call.ReadBodyAsync();
        }
        catch (BodyTooLargeException e)
        {
            throw ActorErrors.BadRequest($"failed to read body: {e.Message}");
        }
    }

    private async ValueTask<ActorAnswer> CallAsync(ActorRuntime runtime, ActorCall call, CancellationToken ct)
    {
        try
        {
            var policy = _context.Resiliency.ActorBeforeLock(call.Type, call.Id);
            return policy.IsNone
                ? await runtime.Router.CallAsync(call, ct)
                : await policy.RunAsync(attempt => runtime.Router.CallAsync(call, attempt), ct);
        }
        catch (StackDepthException)
        {
            throw ActorErrors.StackDepth();
        }
        catch (Exception e) when (e is ActorCallException or ActorNotHostedException or ActorMovedException or TimeoutException or CircuitOpenException or PermanentException)
        {
            throw _closed && e is ActorMovedException ? ActorErrors.Closed() : ActorErrors.Invoke(e.Message);
        }
    }

    private static async Task WriteAsync(ActorAnswer answer, ApiCall call)
    {
        var response = call.Http.Response;
        response.StatusCode = 200;
        ActorHeaders.CopyAnswer(answer.Response, response);
        response.ContentLength = answer.Body.Length;
        await response.BodyWriter.WriteAsync(answer.Body, call.Aborted);
    }

    private async Task GetStateAsync(ApiCall call)
    {
        Refuse(call);
        await ReadyAsync(call.Aborted);
        await _state.GetAsync(call);
    }

    private async Task TransactAsync(ApiCall call)
    {
        Refuse(call);
        var runtime = await ReadyAsync(call.Aborted);
        await _state.TransactAsync(call, runtime.IsActive);
    }

    private async Task CreateTimerAsync(ApiCall call)
    {
        Refuse(call);
        var request = CallbackRequest.Read(await call.ReadBodyAsync());
        var name = Name(call);
        var runtime = await ReadyAsync(call.Aborted);
        var (type, id) = (call["type"], call["id"]);
        if (!runtime.Hosts(type))
        {
            throw ActorErrors.TimerCreate($"can't create timer for actor {type}||{id}: actor type not registered");
        }

        try
        {
            runtime.Timers.Register(type, id, name, request);
        }
        catch (FormatException e)
        {
            throw ActorErrors.TimerCreate(e.Message);
        }

        call.NoContent();
    }

    private async Task DeleteTimerAsync(ApiCall call)
    {
        Refuse(call);
        var runtime = await ReadyAsync(call.Aborted);
        runtime.Timers.Delete(call["type"], call["id"], call["name"]);
        call.NoContent();
    }

    private async Task CreateReminderAsync(ApiCall call)
    {
        Refuse(call);
        var request = CallbackRequest.Read(await call.ReadBodyAsync());
        var name = Name(call);
        var runtime = await ReadyAsync(call.Aborted);
        await _reminders.CreateAsync(runtime, call["type"], call["id"], name, request);
        call.NoContent();
    }

    private async Task GetReminderAsync(ApiCall call)
    {
        Refuse(call);
        var runtime = await ReadyAsync(call.Aborted);
        await call.JsonAsync(await _reminders.GetAsync(runtime, call["type"], call["id"], call["name"]));
    }

    private async Task DeleteReminderAsync(ApiCall call)
    {
        Refuse(call);
        var runtime = await ReadyAsync(call.Aborted);
        await _reminders.DeleteAsync(runtime, call["type"], call["id"], call["name"]);
        call.NoContent();
    }

    private static void Refuse(ApiCall call)
    {
        if (ActorNames.IsReserved(call["type"]))
        {
            throw ActorErrors.Reserved(call["type"]);
        }
    }

    private static string Name(ApiCall call) =>
        ActorNames.Fault(call["name"]) is { } fault ? throw ActorErrors.BadRequest(fault) : call["name"];
}
