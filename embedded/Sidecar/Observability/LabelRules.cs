using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Observability;

/// <summary>The <c>rules</c> of a Configuration's metrics: patterns that rewrite the values of single labels.</summary>
internal sealed class LabelRules
{
    // Label values such as paths have no bound of their own; past this many, they are rewritten each time.
    private const int MaxRemembered = 4096;

    private readonly Dictionary<string, Rule> _rules = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A pattern is not a regular expression.</exception>
    public LabelRules(IReadOnlyList<MetricRule> rules)
    {
        foreach (var rule in rules)
        {
            foreach (var label in rule.Labels)
            {
                var patterns = label.Regex
                    .Select(pair => (Compile(rule.Name, label.Name, pair.Value), Replacement: pair.Key))
                    .ToArray();
                _rules[Key(rule.Name, label.Name)] = new Rule(patterns);
            }
        }
    }

    /// <summary>The rules of each label of a metric, null where there is none; null when the metric has none at all.</summary>
    public Rule?[]? For(string metric, string[] labels)
    {
        var rules = Array.ConvertAll(labels, label => _rules.GetValueOrDefault(Key(metric, label)));
        return rules.All(rule => rule is null) ? null : rules;
    }

    /// <summary>A rule may name its metric with or without <c>dapr_</c>, and as OpenCensus does, with slashes.</summary>
    private static string Key(string metric, string label)
    {
        var name = metric.Replace('_', '/');
        return (name.StartsWith("dapr/", StringComparison.Ordinal) ? name["dapr/".Length..] : name) + "|" + label;
    }

    private static Regex Compile(string metric, string label, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"failed to compile regex for rule {metric}/{label}: {e.Message}", e);
        }
    }

    /// <summary>The patterns of one label, one applied to the result of the other.</summary>
    public sealed class Rule((Regex Pattern, string Replacement)[] patterns)
    {
        private readonly ConcurrentDictionary<string, string> _remembered = new(StringComparer.Ordinal);

        public string Rewrite(string value)
        {
            if (value.Length == 0)
            {
                return value;
            }

            if (_remembered.TryGetValue(value, out var known))
            {
                return known;
            }

            var rewritten = value;
            foreach (var (pattern, replacement) in patterns)
            {
                rewritten = pattern.Replace(rewritten, replacement);
            }

            if (_remembered.Count < MaxRemembered)
            {
                _remembered.TryAdd(value, rewritten);
            }

            return rewritten;
        }
    }
}
