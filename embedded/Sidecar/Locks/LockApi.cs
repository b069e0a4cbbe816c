using System.Text.Json;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.Locks;

/// <summary><c>/v1.0-alpha1/lock</c> and <c>/v1.0-alpha1/unlock</c>.</summary>
internal sealed class LockApi(SidecarContext context) : IBuildingBlock
{
    private const string Malformed = "ERR_MALFORMED_REQUEST";

    public void Map(RouteTable routes)
    {
        routes.Map("POST", "v1.0-alpha1/lock/{store}", "lock", LockAsync);
        routes.Map("POST", "v1.0-alpha1/unlock/{store}", "unlock", UnlockAsync);
    }

    private async Task LockAsync(ApiCall call)
    {
        var name = call["store"];
        var request = Read(await call.ReadBodyAsync());
        if (request.ExpiryInSeconds <= 0)
        {
            throw new ApiException(400, Malformed, $"ExpiryInSeconds is not positive in lock store {name}");
        }

        var store = Store(name, request);
        bool success;
        try
        {
            var key = store.Key(request.ResourceId);
            var expiry = TimeSpan.FromSeconds(request.ExpiryInSeconds);
            success = await Policy(name).RunAsync(ct => store.TryLockAsync(key, request.Owner, expiry, ct), call.Aborted);
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            throw new ApiException(500, "ERR_TRY_LOCK", $"failed to try acquiring lock: {e.Message}");
        }

        await call.JsonAsync(success ? "{\"success\":true}"u8.ToArray() : "{\"success\":false}"u8.ToArray());
    }

    private async Task UnlockAsync(ApiCall call)
    {
        var name = call["store"];
        var request = Read(await call.ReadBodyAsync());
        var store = Store(name, request);
        UnlockStatus status;
        try
        {
            var key = store.Key(request.ResourceId);
            status = await Policy(name).RunAsync(ct => store.UnlockAsync(key, request.Owner, ct), call.Aborted);
        }
        catch (Exception e) when (!call.Aborted.IsCancellationRequested)
        {
            throw new ApiException(500, "ERR_UNLOCK", $"failed to release lock: {e.Message}");
        }

        await call.JsonAsync(System.Text.Encoding.ASCII.GetBytes($"{{\"status\":{(int)status}}}"));
    }

    private static LockRequest Read(byte[] body)
    {
        try
        {
            return LockRequest.Read(body);
        }
        catch (JsonException e)
        {
            throw new ApiException(400, Malformed, $"failed deserializing HTTP body: {e.Message}");
        }
    }

    private ILockStore Store(string name, LockRequest request)
    {
        if (!context.Components.Any<ILockStore>())
        {
            throw new ApiException(500, "ERR_LOCK_STORE_NOT_CONFIGURED", "lock store is not configured");
        }

        if (request.ResourceId.Length == 0)
        {
            throw new ApiException(400, Malformed, $"ResourceId is empty in lock store {name}");
        }

        if (request.Owner.Length == 0)
        {
            throw new ApiException(400, Malformed, $"LockOwner is empty in lock store {name}");
        }

        return context.Components.TryGet<ILockStore>(name, out var store)
            ? store
            : throw new ApiException(400, "ERR_LOCK_STORE_NOT_FOUND", $"lock store {name} not found");
    }

    private Policy Policy(string store) => context.Resiliency.Outbound(store, ComponentKind.Lock);
}
