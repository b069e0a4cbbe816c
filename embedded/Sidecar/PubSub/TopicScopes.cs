using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>Which topics of a component an app may publish to and subscribe to.</summary>
internal sealed class TopicScopes
{
    private readonly HashSet<string>? _allowed;
    private readonly HashSet<string> _protected;
    private readonly HashSet<string>? _publishing;
    private readonly HashSet<string>? _subscription;

    public TopicScopes(Component component, string appId)
    {
        _allowed = component.Find("allowedTopics") is { } allowed && Topics(allowed) is { Count: > 0 } topics ? topics : null;
        _protected = component.Find("protectedTopics") is { } guarded ? Topics(guarded) : [];
        _publishing = Entry(component.Find("publishingScopes"), appId);
        _subscription = Entry(component.Find("subscriptionScopes"), appId);
    }

    public bool MayPublish(string topic) => IsAllowed(topic, _publishing);

    public bool MaySubscribe(string topic) => IsAllowed(topic, _subscription);

    private bool IsAllowed(string topic, HashSet<string>? own) =>
        (_allowed is null || _allowed.Contains(topic)) && (own is null ? !_protected.Contains(topic) : own.Contains(topic));

    private static HashSet<string> Topics(string list) =>
        list.Replace(" ", "", StringComparison.Ordinal).Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    /// <summary>The app's entry in <c>app1=t1,t2;app2=t3</c>; null when it has none, which is not the same as an empty one.</summary>
    private static HashSet<string>? Entry(string? scopes, string appId)
    {
        foreach (var entry in (scopes ?? "").Replace(" ", "", StringComparison.Ordinal).Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split('=');
            if (parts.Length == 2 && parts[0] == appId)
            {
                return Topics(parts[1]);
            }
        }

        return null;
    }
}
