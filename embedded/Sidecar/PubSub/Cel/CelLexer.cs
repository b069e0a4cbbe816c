using System.Globalization;
using System.Text;

namespace DaprMesh.Sidecar.PubSub.Cel;

internal enum CelTokenKind
{
    End,
    Name,
    Literal,
    Symbol,
}

/// <param name="Value">A literal's value.</param>
internal readonly record struct CelToken(CelTokenKind Kind, string Text, object? Value, int At);

/// <summary>Cuts an expression into names, literals and symbols.</summary>
internal sealed class CelLexer(string text)
{
    private int _at;

    public CelToken Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        if (_at == text.Length)
        {
            return new(CelTokenKind.End, "", null, _at);
        }

        var c = text[_at];
        if (c is '"' or '\'')
        {
            return Quoted(raw: false);
        }

        if (c is 'r' or 'R' && _at + 1 < text.Length && text[_at + 1] is '"' or '\'')
        {
            _at++;
            return Quoted(raw: true);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            return Word();
        }

        return char.IsAsciiDigit(c) || (c == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])) ? Number() : Symbol();
    }

    public FormatException Fault(int at, string what) => new($"{what} at {at + 1} in '{text}'");

    private CelToken Word()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            _at++;
        }

        var word = text[start.._at];
        return word switch
        {
            "true" => new(CelTokenKind.Literal, word, true, start),
            "false" => new(CelTokenKind.Literal, word, false, start),
            "null" => new(CelTokenKind.Literal, word, null, start),
            "in" => new(CelTokenKind.Symbol, word, null, start),
            _ => new(CelTokenKind.Name, word, null, start),
        };
    }

    private CelToken Number()
    {
        var start = _at;
        if (text[_at] == '0' && _at + 1 < text.Length && text[_at + 1] is 'x' or 'X')
        {
            _at += 2;
            while (_at < text.Length && char.IsAsciiHexDigit(text[_at]))
            {
                _at++;
            }

            return long.TryParse(text.AsSpan(start + 2, _at - start - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)
                ? new(CelTokenKind.Literal, text[start.._at], hex, start)
                : throw Fault(start, "invalid number");
        }

        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] is '.' or 'e' or 'E'
            || (text[_at] is '+' or '-' && text[_at - 1] is 'e' or 'E')))
        {
            _at++;
        }

        var digits = text[start.._at];
        if (_at < text.Length && text[_at] is 'u' or 'U')
        {
            _at++;
        }

        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
        {
            return new(CelTokenKind.Literal, digits, whole, start);
        }

        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? new(CelTokenKind.Literal, digits, number, start)
            : throw Fault(start, "invalid number");
    }

    private CelToken Quoted(bool raw)
    {
        var start = _at;
        var quote = text[_at++];
        var value = new StringBuilder();
        while (_at < text.Length && text[_at] != quote)
        {
            var c = text[_at++];
            if (c == '\\' && !raw)
            {
                value.Append(Escape());
            }
            else
            {
                value.Append(c);
            }
        }

        if (_at == text.Length)
        {
            throw Fault(start, "string without its end");
        }

        _at++;
        return new(CelTokenKind.Literal, text[start.._at], value.ToString(), start);
    }

    private string Escape()
    {
        if (_at == text.Length)
        {
            throw Fault(_at, "string without its end");
        }

        var c = text[_at++];
        var digits = c switch { 'x' or 'X' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (_at + digits > text.Length
                || !int.TryParse(text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                || !Rune.IsValid(code))
            {
                throw Fault(_at, "invalid escape");
            }

            _at += digits;
            return new Rune(code).ToString();
        }

        return c switch
        {
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'b' => "\b",
            'f' => "\f",
            'a' => "\a",
            'v' => "\v",
            '\\' or '"' or '\'' or '`' or '?' => c.ToString(),
            _ => throw Fault(_at - 1, "invalid escape"),
        };
    }

    private CelToken Symbol()
    {
        var start = _at;
        if (_at + 1 < text.Length && text.AsSpan(_at, 2) is "==" or "!=" or "<=" or ">=" or "&&" or "||")
        {
            _at += 2;
        }
        else if ("<>!+-*/%()[]{}.,?:".Contains(text[_at], StringComparison.Ordinal))
        {
            _at++;
        }
        else
        {
            throw Fault(start, "unexpected character");
        }

        return new(CelTokenKind.Symbol, text[start.._at], null, start);
    }
}
