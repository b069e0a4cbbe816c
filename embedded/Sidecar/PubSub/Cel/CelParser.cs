namespace DaprMesh.Sidecar.PubSub.Cel;

/// <summary>Reads an expression, loosest binding first: conditional, or, and, relations, sums, products, prefixes, access.</summary>
internal sealed class CelParser
{
    private const int MaxDepth = 250;

    private readonly CelLexer _lexer;
    private CelToken _token;
    private int _depth;

    public CelParser(string text)
    {
        _lexer = new CelLexer(text);
        _token = _lexer.Next();
    }

    public CelNode Parse()
    {
        var root = Conditional();
        return _token.Kind == CelTokenKind.End ? root : throw Unexpected();
    }

    private CelNode Conditional()
    {
        if (++_depth > MaxDepth)
        {
            throw _lexer.Fault(_token.At, "expression nested too deep");
        }

        var condition = Or();
        if (Take("?"))
        {
            var then = Or();
            Expect(":");
            condition = new CelConditional(condition, then, Conditional());
        }

        _depth--;
        return condition;
    }

    private CelNode Or()
    {
        var left = And();
        while (Take("||"))
        {
            left = new CelLogic(left, And(), absorbing: true);
        }

        return left;
    }

    private CelNode And()
    {
        var left = Relation();
        while (Take("&&"))
        {
            left = new CelLogic(left, Relation(), absorbing: false);
        }

        return left;
    }

    private CelNode Relation()
    {
        var left = Sum();
        while (TakeAny("==", "!=", "<", "<=", ">", ">=", "in") is { } symbol)
        {
            left = new CelBinary(symbol, left, Sum());
        }

        return left;
    }

    private CelNode Sum()
    {
        var left = Product();
        while (TakeAny("+", "-") is { } symbol)
        {
            left = new CelBinary(symbol, left, Product());
        }

        return left;
    }

    private CelNode Product()
    {
        var left = Prefix();
        while (TakeAny("*", "/", "%") is { } symbol)
        {
            left = new CelBinary(symbol, left, Prefix());
        }

        return left;
    }

    private CelNode Prefix()
    {
        if (TakeAny("!", "-") is not { } symbol)
        {
            return Access();
        }

        if (++_depth > MaxDepth)
        {
            throw _lexer.Fault(_token.At, "expression nested too deep");
        }

        var operand = Prefix();
        _depth--;
        return symbol == "!" ? new CelNot(operand) : new CelNegative(operand);
    }

    private CelNode Access()
    {
        var value = Primary();
        while (true)
        {
            if (Take("."))
            {
                var name = Name();
                value = Take("(") ? new CelCall(name, value, Arguments(")")) : new CelMember(value, name);
            }
            else if (Take("["))
            {
                value = new CelIndex(value, Conditional());
                Expect("]");
            }
            else
            {
                return value;
            }
        }
    }

    private CelNode Primary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case CelTokenKind.Literal:
                _token = _lexer.Next();
                return new CelLiteral(token.Value);
            case CelTokenKind.Name:
                _token = _lexer.Next();
                return Take("(") ? Function(token) : new CelVariable(token.Text);
            default:
                if (Take("("))
                {
                    var inner = Conditional();
                    Expect(")");
                    return inner;
                }

                return Take("[") ? new CelList(Arguments("]")) : throw Unexpected();
        }
    }

    private CelNode Function(CelToken name)
    {
        var arguments = Arguments(")");
        if (name.Text != "has")
        {
            return new CelCall(name.Text, null, arguments);
        }

        return arguments is [CelMember member] ? new CelHas(member) : throw _lexer.Fault(name.At, "has() takes a member access");
    }

    private List<CelNode> Arguments(string close)
    {
        var arguments = new List<CelNode>();
        while (!Take(close))
        {
            if (arguments.Count > 0)
            {
                Expect(",");
            }

            arguments.Add(Conditional());
        }

        return arguments;
    }

    private string Name()
    {
        if (_token.Kind != CelTokenKind.Name)
        {
            throw Unexpected();
        }

        var name = _token.Text;
        _token = _lexer.Next();
        return name;
    }

    private bool Take(string symbol)
    {
        if (_token.Kind != CelTokenKind.Symbol || _token.Text != symbol)
        {
            return false;
        }

        _token = _lexer.Next();
        return true;
    }

    private string? TakeAny(params ReadOnlySpan<string> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (Take(symbol))
            {
                return symbol;
            }
        }

        return null;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol))
        {
            throw Unexpected();
        }
    }

    private FormatException Unexpected() =>
        _lexer.Fault(_token.At, _token.Kind == CelTokenKind.End ? "unexpected end" : $"unexpected '{_token.Text}'");
}
