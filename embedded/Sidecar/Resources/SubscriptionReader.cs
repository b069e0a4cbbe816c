namespace DaprMesh.Sidecar.Resources;

/// <summary>Reads Subscription resources of both versions.</summary>
internal static class SubscriptionReader
{
    public static Subscription Read(Manifest manifest)
    {
        var spec = manifest.Spec;
        return new(
            spec?.Text("pubsubname") ?? "",
            spec?.Text("topic") ?? "",
            Rules(spec, manifest.ApiVersion),
            spec?.Text("deadLetterTopic") is { Length: > 0 } deadLetter ? deadLetter : null,
            spec?.Texts("metadata") ?? new Dictionary<string, string>(),
            spec?.Map("bulkSubscribe") is { } bulk
                ? new(bulk.Flag("enabled") ?? false, bulk.Integer("maxMessagesCount") ?? 0, bulk.Integer("maxAwaitDurationMs") ?? 0)
                : null,
            IsDeclarative: true);
    }

    private static IReadOnlyList<SubscriptionRule> Rules(Fields? spec, string apiVersion)
    {
        if (apiVersion == "dapr.io/v1alpha1")
            return [new(Match: null, spec?.Text("route") ?? "")];

        var routes = spec?.Map("routes");
        var rules = routes?.List("rules", rule => new SubscriptionRule(
            rule.Text("match") is { Length: > 0 } match ? match : null, rule.Text("path") ?? "")) ?? [];
        return routes?.Text("default") is { Length: > 0 } path ? [.. rules, new SubscriptionRule(Match: null, path)] : rules;
    }
}
