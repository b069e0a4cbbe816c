using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Dapr.Actors.Communication;
using Microsoft.Extensions.Logging;

namespace Dapr.Actors.Runtime;

/// <summary>Runs the actors that this app hosts when the sidecar calls.</summary>
public sealed class ActorRuntime
{
    private readonly ActorRuntimeOptions _options;
    private readonly FrozenDictionary<string, ActorManager> _managers;
    private readonly ILogger _logger;

    internal ActorRuntime(ActorRuntimeOptions options, ActorActivatorFactory activators, ActorSurroundings surroundings)
    {
        _options = options;
        _logger = surroundings.LoggerFactory.CreateLogger<ActorRuntime>();
        _managers = options.Actors.ToFrozenDictionary(
            actor => actor.Type.ActorTypeName,
            actor => new ActorManager(actor.Type, actor.Activator ?? activators.CreateActivator(actor.Type), surroundings),
            StringComparer.Ordinal);
    }

    public IReadOnlyList<ActorRegistration> RegisteredActors => _options.Actors;

    internal void WriteSettings(IBufferWriter<byte> output) => ActorSettings.Write(_options, output);

    internal Task InvokeAsync(ActorCall call, ReadOnlySequence<byte> body, PooledBuffer output, CancellationToken cancellationToken) =>
        Of(call.ActorType).InvokeAsync(call.ActorId, call.Name, body, typed: false, call.ReentrancyId, output, cancellationToken);

    /// <summary>Like <see cref="InvokeAsync"/> for a typed caller, who gets an exception as an answer: then the header for it is returned.</summary>
    internal async Task<string?> InvokeTypedAsync(
        ActorCall call, ReadOnlySequence<byte> body, PooledBuffer output, CancellationToken cancellationToken)
    {
        try
        {
            await Of(call.ActorType).InvokeAsync(call.ActorId, call.Name, body, typed: true, call.ReentrancyId, output, cancellationToken);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var id = Guid.NewGuid();
            _logger.MethodThrew(e, call.Name, call.ActorType, call.ActorId, id);
            output.Clear();
            using var writer = new Utf8JsonWriter(output);
            ActorFault.Write(writer, e);
            return ActorFault.Header(e, call.Name, id);
        }
    }

    internal Task RemindAsync(ActorCall call, ReadOnlyMemory<byte> body) =>
        Of(call.ActorType).RemindAsync(call.ActorId, call.Name, body, call.ReentrancyId);

    internal Task FireTimerAsync(ActorCall call, ReadOnlyMemory<byte> body) =>
        Of(call.ActorType).FireTimerAsync(call.ActorId, body, call.ReentrancyId);

    internal Task DeactivateAsync(string actorType, string actorId) => Of(actorType).DeactivateAsync(actorId);

    private ActorManager Of(string actorType) => _managers.TryGetValue(actorType, out var manager)
        ? manager
        : throw new InvalidOperationException($"This app does not host the actor type {actorType}.");
}
