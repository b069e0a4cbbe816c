namespace DaprMesh.Sidecar.PubSub.Cel;

/// <summary>A part of an expression.</summary>
internal abstract class CelNode
{
    public abstract object? Evaluate(Func<string, object?> variables);

    protected static CelException NoOverload(string function) => new($"no such overload: {function}");
}

internal sealed class CelLiteral(object? value) : CelNode
{
    public override object? Evaluate(Func<string, object?> variables) => value;
}

internal sealed class CelVariable(string name) : CelNode
{
    public override object? Evaluate(Func<string, object?> variables) => variables(name);
}

internal sealed class CelList(IReadOnlyList<CelNode> items) : CelNode
{
    public override object? Evaluate(Func<string, object?> variables) => items.Select(item => item.Evaluate(variables)).ToList();
}

internal sealed class CelMember(CelNode target, string name) : CelNode
{
    public override object? Evaluate(Func<string, object?> variables) =>
        CelValue.TryMember(target.Evaluate(variables), name, out var value) ? value : throw new CelException($"no such key: {name}");

    public bool Exists(Func<string, object?> variables) => CelValue.TryMember(target.Evaluate(variables), name, out _);
}

internal sealed class CelHas(CelMember member) : CelNode
{
    public override object? Evaluate(Func<string, object?> variables) => member.Exists(variables);
}

internal sealed class CelIndex(CelNode target, CelNode index) : CelNode
{
    public override object? Evaluate(Func<string, object?> variables) => CelValue.At(target.Evaluate(variables), index.Evaluate(variables));
}

internal sealed class CelConditional(CelNode condition, CelNode then, CelNode otherwise) : CelNode
{
    public override object? Evaluate(Func<string, object?> variables) => condition.Evaluate(variables) is bool value
        ? (value ? then : otherwise).Evaluate(variables)
        : throw NoOverload("_?_:_");
}

internal sealed class CelNot(CelNode operand) : CelNode
{
    public override object? Evaluate(Func<string, object?> variables) => operand.Evaluate(variables) is bool value ? !value : throw NoOverload("!_");
}

internal sealed class CelNegative(CelNode operand) : CelNode
{
    public override object? Evaluate(Func<string, object?> variables) => operand.Evaluate(variables) switch
    {
        long value => -value,
        double value => -value,
        _ => throw NoOverload("-_"),
    };
}

/// <summary>And, or. One side that decides makes the other side's failure irrelevant, whichever comes first.</summary>
internal sealed class CelLogic(CelNode left, CelNode right, bool absorbing) : CelNode
{
    public override object? Evaluate(Func<string, object?> variables)
    {
        CelException? failure = null;
        foreach (var side in (ReadOnlySpan<CelNode>)[left, right])
        {
            try
            {
                if ((side.Evaluate(variables) as bool? ?? throw NoOverload(absorbing ? "_||_" : "_&&_")) == absorbing)
                {
                    return absorbing;
                }
            }
            catch (CelException e)
            {
                failure ??= e;
            }
        }

        return failure is null ? !absorbing : throw failure;
    }
}

internal sealed class CelBinary(string symbol, CelNode left, CelNode right) : CelNode
{
    public override object? Evaluate(Func<string, object?> variables)
    {
        var (a, b) = (left.Evaluate(variables), right.Evaluate(variables));
        return symbol switch
        {
            "==" => CelValue.AreEqual(a, b),
            "!=" => !CelValue.AreEqual(a, b),
            "<" => CelValue.Compare(a, b) is < 0,
            "<=" => CelValue.Compare(a, b) is <= 0,
            ">" => CelValue.Compare(a, b) is > 0,
            ">=" => CelValue.Compare(a, b) is >= 0,
            "in" => CelValue.IsIn(a, b),
            _ => Calculate(a, b),
        };
    }

    private object Calculate(object? a, object? b)
    {
        try
        {
            return (symbol, a, b) switch
            {
                ("+", long x, long y) => checked(x + y),
                ("-", long x, long y) => checked(x - y),
                ("*", long x, long y) => checked(x * y),
                ("/", long x, long y) => x / y,
                ("%", long x, long y) => x % y,
                ("+", double x, double y) => x + y,
                ("-", double x, double y) => x - y,
                ("*", double x, double y) => x * y,
                ("/", double x, double y) => x / y,
                ("+", string x, string y) => x + y,
                _ => throw NoOverload($"_{symbol}_"),
            };
        }
        catch (ArithmeticException e)
        {
            throw new CelException(e.Message);
        }
    }
}
