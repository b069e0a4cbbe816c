using DaprMesh.Sidecar.PubSub.Cel;

namespace DaprMesh.Sidecar.Resiliency;

/// <summary>When a closed breaker opens: a CEL expression over its counts.</summary>
internal sealed class TripCondition
{
    private readonly CelExpression? _expression;

    /// <exception cref="FormatException">The text is no expression.</exception>
    public TripCondition(string? expression) => _expression = expression is null ? null : CelExpression.Parse(expression);

    public bool IsMet(BreakerCounts counts)
    {
        if (_expression is null)
            return counts.ConsecutiveFailures > 5;

        try
        {
            return _expression.IsTrue(name => Value(counts, name));
        }
        catch (CelException)
        {
            // Whether it is safe to open cannot be told; daprd stays closed as well.
            return false;
        }
    }

    private static long Value(BreakerCounts counts, string name) => name switch
    {
        "requests" => counts.Requests,
        "totalSuccesses" => counts.TotalSuccesses,
        "totalFailures" => counts.TotalFailures,
        "consecutiveSuccesses" => counts.ConsecutiveSuccesses,
        "consecutiveFailures" => counts.ConsecutiveFailures,
        _ => throw new CelException($"no such attribute: {name}"),
    };
}
