using Dapr.Actors.Client;
using Microsoft.Extensions.Logging;

namespace Dapr.Actors.Runtime;

/// <summary>The base class of actors: one instance per id, one turn at a time.</summary>
public abstract partial class Actor
{
    protected Actor(ActorHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        Host = host;
        StateManager = new ActorStateManager(this);
        Logger = host.LoggerFactory.CreateLogger(GetType());
    }

    public ActorHost Host { get; }

    public ActorId Id => Host.Id;

    public IActorProxyFactory ProxyFactory => Host.ProxyFactory;

    public IActorStateManager StateManager { get; protected set; }

    protected ILogger Logger { get; }

    private string TypeName => Host.ActorTypeInfo.ActorTypeName;

    internal async Task ActivateAsync()
    {
        await StateManager.ClearCacheAsync();
        await OnActivateAsync();
        await SaveStateAsync();
    }

    internal async Task DeactivateAsync()
    {
        await StateManager.ClearCacheAsync();
        await OnDeactivateAsync();
    }

    internal Task BeforeTurnAsync(ActorMethodContext context) => OnPreActorMethodAsync(context);

    internal async Task AfterTurnAsync(ActorMethodContext context)
    {
        await OnPostActorMethodAsync(context);
        await SaveStateAsync();
    }

    internal async Task AfterFailureAsync(ActorMethodContext context, Exception exception)
    {
        await OnActorMethodFailedAsync(context, exception);
        await StateManager.ClearCacheAsync();
    }

    protected Task SaveStateAsync() => StateManager.SaveStateAsync();

    protected virtual Task OnActivateAsync() => Task.CompletedTask;

    protected virtual Task OnDeactivateAsync() => Task.CompletedTask;

    protected virtual Task OnPreActorMethodAsync(ActorMethodContext actorMethodContext) => Task.CompletedTask;

    protected virtual Task OnPostActorMethodAsync(ActorMethodContext actorMethodContext) => Task.CompletedTask;

    protected virtual Task OnActorMethodFailedAsync(ActorMethodContext actorMethodContext, Exception e) => Task.CompletedTask;
}
