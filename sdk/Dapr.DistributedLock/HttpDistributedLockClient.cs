using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Json;
using Dapr.Common;
using Dapr.DistributedLock.Models;

namespace Dapr.DistributedLock;

/// <summary>The lock API over the sidecar's HTTP port.</summary>
[Experimental("DAPR_DISTRIBUTEDLOCK")]
internal sealed class HttpDistributedLockClient(HttpClient http, string endpoint, string token) : DaprDistributedLockClient
{
    private readonly Uri _api = new(new Uri(endpoint), "/v1.0-alpha1/");

    public override async Task<LockResponse?> TryLockAsync(string storeName, string resourceId, string lockOwner, int expiryInSeconds, CancellationToken cancellationToken = default)
    {
        Check(storeName, resourceId, lockOwner);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expiryInSeconds);
        var answer = await CallAsync<LockAnswer>("lock", storeName, new { resourceId, lockOwner, expiryInSeconds }, cancellationToken);
        return answer.Success ? new LockResponse(this) { StoreName = storeName, ResourceId = resourceId, LockOwner = lockOwner } : null;
    }

    public override async Task<UnlockResponse> TryUnlockAsync(string storeName, string resourceId, string lockOwner, CancellationToken cancellationToken = default)
    {
        Check(storeName, resourceId, lockOwner);
        var answer = await CallAsync<UnlockAnswer>("unlock", storeName, new { resourceId, lockOwner }, cancellationToken);
        return new UnlockResponse(Enum.IsDefined(answer.Status) ? answer.Status : LockStatus.InternalError);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            http.Dispose();
        base.Dispose(disposing);
    }

    private async Task<T> CallAsync<T>(string verb, string storeName, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_api, $"{verb}/{Uri.EscapeDataString(storeName)}")) { Content = JsonContent.Create(body) };
        if (!string.IsNullOrWhiteSpace(token))
            request.Headers.Add("dapr-api-token", token);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new DaprException($"Lock operation failed: {await SidecarError.ReadAsync(response, cancellationToken)}");
            return await response.Content.ReadFromJsonAsync<T>(cancellationToken) ?? throw new DaprException("Lock operation failed: the answer was empty.");
        }
        catch (HttpRequestException e)
        {
            throw new DaprException($"Lock operation failed: the sidecar at {_api.Authority} could not be reached. {e.Message}", e);
        }
    }

    private static void Check(string storeName, string resourceId, string lockOwner)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        ArgumentException.ThrowIfNullOrEmpty(resourceId);
        ArgumentException.ThrowIfNullOrEmpty(lockOwner);
    }

    private sealed record LockAnswer(bool Success);

    private sealed record UnlockAnswer(LockStatus Status);
}
