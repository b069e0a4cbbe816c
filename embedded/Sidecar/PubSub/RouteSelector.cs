using DaprMesh.Sidecar.PubSub.Cel;
using DaprMesh.Sidecar.PubSub.Json;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>Chooses the path of an event by the subscription's rules.</summary>
internal sealed class RouteSelector
{
    private readonly (CelExpression? Match, string Path)[] _rules;

    /// <exception cref="FormatException">A rule is no expression.</exception>
    public RouteSelector(IEnumerable<SubscriptionRule> rules) =>
        _rules = [.. rules.Select(rule => (string.IsNullOrWhiteSpace(rule.Match) ? null : CelExpression.Parse(rule.Match.Trim()), rule.Path))];

    /// <summary>The path; null when no rule fits. The event is only parsed when a rule looks at it.</summary>
    /// <exception cref="CelException">A rule could not be evaluated.</exception>
    public string? Select(ReadOnlySpan<byte> cloudEvent)
    {
        if (_rules is [(null, var only), ..])
        {
            return only;
        }

        var value = GoJson.TryParse(cloudEvent, out var parsed) ? CelValue.Of(parsed) : null;
        return Select(name => name == "event" ? value : throw new CelException($"no such attribute: {name}"));
    }

    private string? Select(Func<string, object?> variables)
    {
        foreach (var (match, path) in _rules)
        {
            if (match is null || match.IsTrue(variables))
            {
                return path;
            }
        }

        return null;
    }
}
