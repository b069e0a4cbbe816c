using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Dapr.Client;

internal sealed partial class DaprHttpClient
{
    [Experimental("DAPR_DISTRIBUTEDLOCK")]
    public override async Task<TryLockResponse> Lock(string storeName, string resourceId, string lockOwner, int expiryInSeconds, CancellationToken cancellationToken = default)
    {
        CheckLock(storeName, resourceId, lockOwner);
        if (expiryInSeconds <= 0)
            throw new ArgumentException($"The value cannot be zero or less than zero: {expiryInSeconds}", nameof(expiryInSeconds));

        using var answer = await CallLockAsync("lock", storeName, resourceId, lockOwner, expiryInSeconds, cancellationToken);
        return new TryLockResponse
        {
            StoreName = storeName,
            ResourceId = resourceId,
            LockOwner = lockOwner,
            Success = answer.RootElement.TryGetProperty("success"u8, out var success) && success.ValueKind == JsonValueKind.True,
            Client = this,
        };
    }

    [Experimental("DAPR_DISTRIBUTEDLOCK")]
    public override async Task<UnlockResponse> Unlock(string storeName, string resourceId, string lockOwner, CancellationToken cancellationToken = default)
    {
        CheckLock(storeName, resourceId, lockOwner);
        using var answer = await CallLockAsync("unlock", storeName, resourceId, lockOwner, expiryInSeconds: null, cancellationToken);
        var status = answer.RootElement.TryGetProperty("status"u8, out var s) && s.TryGetInt32(out var number) ? number : 0;
        return new UnlockResponse(status switch
        {
            0 => LockStatus.Success,
            1 => LockStatus.LockDoesNotExist,
            2 => LockStatus.LockBelongsToOthers,
            _ => LockStatus.InternalError,
        });
    }

    private async Task<JsonDocument> CallLockAsync(string verb, string storeName, string resourceId, string lockOwner, int? expiryInSeconds, CancellationToken cancellationToken)
    {
        var body = _bodies.Create((resourceId, lockOwner, expiryInSeconds), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteString("resourceId"u8, state.resourceId);
            json.WriteString("lockOwner"u8, state.lockOwner);
            if (state.expiryInSeconds is { } expiry)
                json.WriteNumber("expiryInSeconds"u8, expiry);
            json.WriteEndObject();
        });
        using var request = _http.Request(HttpMethod.Post, $"/v1.0-alpha1/{verb}/{Uri.EscapeDataString(storeName)}", body);
        using var response = await _http.SendCheckedAsync(request, "Lock", cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
    }

    private static void CheckLock(string storeName, string resourceId, string lockOwner)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        ArgumentException.ThrowIfNullOrEmpty(resourceId);
        ArgumentException.ThrowIfNullOrEmpty(lockOwner);
    }
}
