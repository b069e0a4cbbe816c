using System.Net.Http.Headers;
using Dapr.Actors.Runtime;

namespace Dapr.Actors.Communication;

/// <summary>One actor as the sidecar's API shows it.</summary>
internal sealed class SidecarActor(SidecarClient client, string actorType, string actorId)
{
    private readonly string _address =
        $"{client.Endpoint}/v1.0/actors/{Uri.EscapeDataString(actorType)}/{Uri.EscapeDataString(actorId)}/";

    public Task<HttpResponseMessage> CallAsync(string method, JsonBody? body, bool typed, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Put, At("method/", method), body, typed ? AddTypedHeaders : AddHeaders, cancellationToken);

    public Task<HttpResponseMessage> ReadStateAsync(string key, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Get, At("state/", key), null, null, cancellationToken);

    public Task WriteStateAsync(JsonBody body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, _address + "state", body, cancellationToken);

    public Task<HttpResponseMessage> ReadReminderAsync(string name, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Get, At("reminders/", name), null, null, cancellationToken);

    public Task PutReminderAsync(string name, JsonBody body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, At("reminders/", name), body, cancellationToken);

    public Task DeleteReminderAsync(string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, At("reminders/", name), null, cancellationToken);

    public Task PutTimerAsync(string name, JsonBody body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, At("timers/", name), body, cancellationToken);

    public Task DeleteTimerAsync(string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, At("timers/", name), null, cancellationToken);

    private static void AddHeaders(HttpRequestHeaders headers)
    {
        if (ActorTurn.Current?.ReentrancyId is { } id)
            headers.TryAddWithoutValidation(ActorHeaders.ReentrancyId, id);
    }

    private static void AddTypedHeaders(HttpRequestHeaders headers)
    {
        headers.TryAddWithoutValidation(ActorHeaders.TypedCall, "json");
        AddHeaders(headers);
    }

    private string At(string kind, string name) => string.Concat(_address, kind, Uri.EscapeDataString(name));

    private async Task SendAsync(HttpMethod method, string address, JsonBody? body, CancellationToken cancellationToken)
    {
        using (await client.SendAsync(method, address, body, null, cancellationToken))
            body?.Release();
    }
}
