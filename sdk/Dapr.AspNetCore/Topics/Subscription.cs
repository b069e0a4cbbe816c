namespace Dapr.AspNetCore;

/// <summary>An entry of the answer to <c>GET /dapr/subscribe</c>.</summary>
internal sealed record Subscription
{
    public required string Topic { get; init; }

    public required string PubsubName { get; init; }

    public string? Route { get; init; }

    public SubscriptionRoutes? Routes { get; init; }

    public Dictionary<string, string>? Metadata { get; init; }

    public string? DeadLetterTopic { get; init; }

    public SubscriptionBulk? BulkSubscribe { get; init; }
}

/// <summary>The routes of a topic with rules.</summary>
internal sealed record SubscriptionRoutes(IReadOnlyList<SubscriptionRule> Rules, string? Default);

/// <summary>Events that match go to the path.</summary>
internal sealed record SubscriptionRule(string Match, string Path);

/// <summary>How many events come at a time.</summary>
internal sealed record SubscriptionBulk(bool Enabled, int MaxMessagesCount, int MaxAwaitDurationMs);
