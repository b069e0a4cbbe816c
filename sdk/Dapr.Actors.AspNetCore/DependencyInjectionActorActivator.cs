using Dapr.Actors.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace Dapr.Actors.AspNetCore;

/// <summary>Gives every activation a scope of its own, which ends with it.</summary>
internal sealed class DependencyInjectionActorActivator(IServiceProvider services, ActorTypeInformation type) : ActorActivator
{
    private readonly Lazy<ObjectFactory> _create = new(() => ActivatorUtilities.CreateFactory(type.ImplementationType, [typeof(ActorHost)]));

    public override async Task<ActorActivatorState> CreateAsync(ActorHost host)
    {
        var scope = services.CreateAsyncScope();
        try
        {
            return new Scoped((Actor)_create.Value(scope.ServiceProvider, [host]), scope);
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }

    public override async Task DeleteAsync(ActorActivatorState state)
    {
        try
        {
            if (state.Actor is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync();
            else if (state.Actor is IDisposable disposable)
                disposable.Dispose();
        }
        finally
        {
            await ((Scoped)state).Scope.DisposeAsync();
        }
    }

    private sealed class Scoped(Actor actor, AsyncServiceScope scope) : ActorActivatorState(actor)
    {
        public AsyncServiceScope Scope { get; } = scope;
    }
}
