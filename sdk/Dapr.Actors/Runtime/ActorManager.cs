using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using Dapr.Actors.Communication;
using Microsoft.Extensions.Logging;

namespace Dapr.Actors.Runtime;

/// <summary>The active actors of one type, and the turns that run in them.</summary>
internal sealed class ActorManager
{
    private static readonly ActorMethodContext ReminderContext = new(nameof(IRemindable.ReceiveReminderAsync), ActorCallType.ReminderMethod);

    // The name that the published runtime gives to every timer's turn.
    private static readonly ActorMethodContext TimerContext = new("FireTimerAsync", ActorCallType.TimerMethod);

    private readonly ConcurrentDictionary<string, ActorActivatorState> _active = new(StringComparer.Ordinal);
    private readonly FrozenDictionary<string, ActorMethod> _methods;
    private readonly ActorTypeInformation _type;
    private readonly ActorActivator _activator;
    private readonly ActorSurroundings _surroundings;
    private readonly ILogger _logger;

    public ActorManager(ActorTypeInformation type, ActorActivator activator, ActorSurroundings surroundings)
    {
        (_type, _activator, _surroundings) = (type, activator, surroundings);
        _logger = surroundings.LoggerFactory.CreateLogger<ActorManager>();
        _methods = MethodsOf(type).ToFrozenDictionary(method => method.Context.MethodName, StringComparer.Ordinal);
    }

    /// <summary>Runs a method and writes its result, if it has one, to <paramref name="output"/>.</summary>
    public async Task InvokeAsync(
        string actorId, string methodName, ReadOnlySequence<byte> body, bool typed, string? reentrancyId, PooledBuffer output,
        CancellationToken cancellationToken)
    {
        if (!_methods.TryGetValue(methodName, out var method))
            throw new MissingMethodException($"The actor type {_type.ActorTypeName} has no method {methodName}.");

        var json = typed ? _surroundings.TypedJson : _surroundings.Json;
        var arguments = typed ? method.ReadTyped(body, json) : method.ReadPlain(body, json);
        await RunTurnAsync(
            actorId,
            method.Context,
            reentrancyId,
            static async (actor, call) =>
            {
                var running = call.method.CallAsync(actor, call.arguments, call.cancellationToken);
                await running;
                // Before the state is saved: a result that cannot be written leaves the state as it was.
                call.method.WriteResult(running, call.output, call.typed, call.json);
            },
            (method, arguments, output, typed, json, cancellationToken));
    }

    public Task RemindAsync(string actorId, string reminderName, ReadOnlyMemory<byte> body, string? reentrancyId)
    {
        if (!_type.IsRemindable)
            return Task.CompletedTask;
        var reminder = ScheduleBody.Read(body, _surroundings.Clock);
        return RunTurnAsync(
            actorId,
            ReminderContext,
            reentrancyId,
            static (actor, call) => ((IRemindable)actor).ReceiveReminderAsync(
                call.reminderName, call.reminder.Data, call.reminder.DueTime, call.reminder.Period),
            (reminderName, reminder));
    }

    public Task FireTimerAsync(string actorId, ReadOnlyMemory<byte> body, string? reentrancyId)
    {
        var timer = ScheduleBody.Read(body, _surroundings.Clock);
        var callback = _type.TimerCallbacks.Get(timer.Callback);
        return RunTurnAsync(
            actorId,
            TimerContext,
            reentrancyId,
            static (actor, call) => call.callback(actor, call.timer.Data),
            (callback, timer));
    }

    public async Task DeactivateAsync(string actorId)
    {
        ActorTurn.Begin(null);
        if (_active.TryRemove(actorId, out var state))
            await EndAsync(state);
    }

    private static IEnumerable<ActorMethod> MethodsOf(ActorTypeInformation type)
    {
        var methods = type.InterfaceTypes.SelectMany(ActorInterfaces.MethodsOf).Distinct().ToList();
        if (methods.GroupBy(method => method.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } overloaded)
            throw new ArgumentException($"The interfaces of {type.ImplementationType} have more than one method {overloaded.Key}.", nameof(type));
        return methods.Select(method => new ActorMethod(method));
    }

    private async Task RunTurnAsync<TCall>(
        string actorId, ActorMethodContext context, string? reentrancyId, Func<Actor, TCall, Task> run, TCall call)
    {
        var turn = ActorTurn.Begin(reentrancyId);
        var actor = _active.TryGetValue(actorId, out var state) ? state.Actor : await ActivateAsync(actorId);
        turn?.BelongsTo(actor);
        try
        {
            await actor.BeforeTurnAsync(context);
            await run(actor, call);
            await actor.AfterTurnAsync(context);
        }
        catch (Exception e)
        {
            await actor.AfterFailureAsync(context, e);
            throw;
        }
    }

    private async Task<Actor> ActivateAsync(string actorId)
    {
        _logger.Activating(_type.ActorTypeName, actorId);
        var sidecar = new SidecarActor(_surroundings.Sidecar, _type.ActorTypeName, actorId);
        var state = await _activator.CreateAsync(new ActorHost(
            _type,
            new ActorId(actorId),
            _surroundings.Json,
            _surroundings.LoggerFactory,
            _surroundings.ProxyFactory,
            _surroundings.TimerManager,
            new SidecarState(sidecar, _surroundings.Json, _surroundings.Clock)));
        try
        {
            await state.Actor.ActivateAsync();
        }
        catch
        {
            await _activator.DeleteAsync(state);
            throw;
        }

        // The sidecar runs one turn at a time; should two calls still meet here, the instance that is already known wins.
        var active = _active.GetOrAdd(actorId, state);
        if (!ReferenceEquals(active, state))
            await EndAsync(state);
        return active.Actor;
    }

    private async Task EndAsync(ActorActivatorState state)
    {
        _logger.Deactivating(_type.ActorTypeName, state.Actor.Id.GetId());
        try
        {
            await state.Actor.DeactivateAsync();
        }
        finally
        {
            await _activator.DeleteAsync(state);
        }
    }
}
