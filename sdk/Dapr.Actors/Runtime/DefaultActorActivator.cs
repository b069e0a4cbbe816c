namespace Dapr.Actors.Runtime;

/// <summary>Makes actors whose constructor takes nothing but the <see cref="ActorHost"/>.</summary>
public class DefaultActorActivator : ActorActivator
{
    public override Task<ActorActivatorState> CreateAsync(ActorHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var type = host.ActorTypeInfo.ImplementationType;
        var actor = (Actor?)Activator.CreateInstance(type, host)
            ?? throw new InvalidOperationException($"{type} could not be created.");
        return Task.FromResult(new ActorActivatorState(actor));
    }

    public override async Task DeleteAsync(ActorActivatorState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Actor is IAsyncDisposable asyncDisposable)
            await asyncDisposable.DisposeAsync();
        else if (state.Actor is IDisposable disposable)
            disposable.Dispose();
    }
}
