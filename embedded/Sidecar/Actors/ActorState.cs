using System.Globalization;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resiliency;
using DaprMesh.Sidecar.State;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Actors;

/// <summary>The state API of actors, on the store whose component is marked for it.</summary>
internal sealed class ActorState(SidecarContext context)
{
    private readonly bool _ttlEnabled = context.Configuration.IsEnabled("ActorStateTTL");
    private readonly ILogger _log = context.Loggers.CreateLogger("dapr.runtime.actors.state");
    private (string Name, IStateStore Store)? _found;

    public async Task GetAsync(ApiCall call)
    {
        if (Find() is not var (name, store))
        {
            Drop(call);
            return;
        }

        var key = $"{context.AppId}||{call["type"]}||{call["id"]}||{call["key"]}";
        StateItem? item;
        try
        {
            var policy = context.Resiliency.Outbound(name, ComponentKind.Statestore);
            item = await policy.RunAsync(ct => store.GetAsync(key, ct), call.Aborted);
        }
        catch (Exception e) when (e is not (ApiException or OperationCanceledException))
        {
            throw ActorErrors.StateGet(e.Message);
        }

        if (item is null)
        {
            call.NoContent();
            return;
        }

        if (item.Expires is { } expires)
        {
            call.Http.Response.Headers["metadata.ttlExpireTime"] = expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        await call.JsonAsync(item.Value);
    }

    public async Task TransactAsync(ApiCall call, Func<string, string, bool> isActive)
    {
        var (type, id) = (call["type"], call["id"]);
        var body = await call.ReadBodyAsync();
        var requests = ActorTransaction.Read(body);
        if (!isActive(type, id))
        {
            throw ActorErrors.InstanceMissing();
        }

        try
        {
            var operations = ActorTransaction.ToOperations(requests, $"{context.AppId}||{type}||{id}||", _ttlEnabled);
            if (Find() is not var (name, store))
            {
                Drop(call);
                return;
            }

            var policy = context.Resiliency.Outbound(name, ComponentKind.Statestore);
            if (policy.IsNone)
            {
                await store.TransactAsync(operations, call.Aborted);
            }
            else
            {
                await policy.RunAsync(async ct => { await store.TransactAsync(operations, ct); return true; }, call.Aborted);
            }
        }
        catch (Exception e) when (e is not (ApiException or OperationCanceledException))
        {
            throw ActorErrors.StateSave(e.Message);
        }

        call.NoContent();
    }

    private (string Name, IStateStore Store)? Find() => _found ??= ActorStateStore.Find(context.Components);

    /// <summary>daprd closes the connection without an answer when no store is marked; the log says what is missing.</summary>
    private void Drop(ApiCall call)
    {
        _log.LogError("The state store is not configured to use the actor runtime. Have you set the - name: actorStateStore value: \"true\" in your state store component file?");
        call.Http.Abort();
    }
}
