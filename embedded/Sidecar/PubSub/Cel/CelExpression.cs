namespace DaprMesh.Sidecar.PubSub.Cel;

/// <summary>
/// An expression in the part of Google's Common Expression Language that routing rules and circuit breakers use: comparisons, logic, arithmetic,
/// <c>in</c>, <c>has()</c>, <c>size()</c>, string functions, conversions, member and index access, lists and the conditional.
/// </summary>
public sealed class CelExpression
{
    private readonly CelNode _root;

    private CelExpression(string text, CelNode root)
    {
        Text = text;
        _root = root;
    }

    public string Text { get; }

    /// <exception cref="FormatException">The text is no expression.</exception>
    public static CelExpression Parse(string text) => new(text, new CelParser(text).Parse());

    /// <summary>Evaluates to a truth value.</summary>
    /// <param name="variables">The value of a name: a bool, long, double, string, JsonElement, list or null; throws <see cref="CelException"/> for an unknown one.</param>
    /// <exception cref="CelException">It cannot be evaluated, or the result is no boolean.</exception>
    public bool IsTrue(Func<string, object?> variables) =>
        _root.Evaluate(variables) is bool result ? result : throw new CelException($"the result of match expression {Text} was not a boolean");
}

/// <summary>An expression could not be evaluated.</summary>
public sealed class CelException(string message) : Exception(message);
