using System.Net;
using System.Text.Json;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.PubSub.Json;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>Asks the app for its subscriptions: <c>GET /dapr/subscribe</c>.</summary>
internal sealed class SubscriptionReader(SidecarContext context, AppChannel app, ILogger log)
{
    public async Task<IReadOnlyList<Subscription>> ReadAsync(CancellationToken ct)
    {
        try
        {
            var (status, body) = await context.Resiliency.BuiltIn("DaprBuiltInInitializationRetries").RunAsync(AskAsync, ct);
            switch (status)
            {
                case HttpStatusCode.OK:
                    return Parse(body);
                case HttpStatusCode.NotFound:
                    return [];
                default:
                    log.LogError("app returned http status code {Status} from subscription endpoint", (int)status);
                    return [];
            }
        }
#pragma warning disable CA1031 // Whatever the app's answer is worth, the sidecar goes on without it.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LogError("error getting topics from app: {Reason}", e.Message);
            return [];
        }
    }

    private async ValueTask<(HttpStatusCode Status, byte[] Body)> AskAsync(CancellationToken ct)
    {
        using var request = app.Request(HttpMethod.Get, "/dapr/subscribe");
        request.Headers.TryAddWithoutValidation("dapr-app-id", context.AppId);
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var response = await app.SendAsync(request, ct);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(ct));
    }

    private List<Subscription> Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            return [];
        }

        if (!GoJson.TryParse(body, out var list))
        {
            throw new FormatException(DaprMesh.Sidecar.Json.GoJsonError.Explain(body));
        }

        var items = list.Deserialize<List<Item?>>(Options) ?? [];
        var subscriptions = new List<Subscription>();
        foreach (var item in items)
        {
            var rules = (item?.Routes?.Rules ?? []).Where(rule => rule is not null).Select(rule => new SubscriptionRule(rule!.Match, rule.Path ?? "")).ToList();
            _ = new RouteSelector(rules); // one rule that is no expression makes the whole answer unusable
            if (item?.Routes?.Default is { Length: > 0 } byDefault)
            {
                rules.Add(new SubscriptionRule(null, byDefault));
            }
            else if (item?.Route is { Length: > 0 } route)
            {
                rules.Add(new SubscriptionRule(null, route));
            }

            if (item is null || rules.Count == 0)
            {
                log.LogWarning("topic {Topic} has an empty routes. removing from subscriptions list", item?.Topic);
                continue;
            }

            subscriptions.Add(new Subscription(
                item.PubsubName ?? "", item.Topic ?? "", rules, item.DeadLetterTopic, item.Metadata ?? [], item.BulkSubscribe?.ToSpec(), IsDeclarative: false));
        }

        return subscriptions;
    }

    private static JsonSerializerOptions Options { get; } = new() { PropertyNameCaseInsensitive = true };

    private sealed record Item(
        string? PubsubName, string? Topic, string? DeadLetterTopic, Dictionary<string, string>? Metadata, string? Route, Routes? Routes, Bulk? BulkSubscribe);

    private sealed record Routes(List<Rule?>? Rules, string? Default);

    private sealed record Rule(string? Match, string? Path);

    private sealed record Bulk(bool Enabled, int MaxMessagesCount, int MaxAwaitDurationMs)
    {
        public BulkSubscribeSpec ToSpec() => new(Enabled, MaxMessagesCount, MaxAwaitDurationMs);
    }
}
