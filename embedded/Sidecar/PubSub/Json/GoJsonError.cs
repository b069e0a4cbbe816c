using System.Globalization;

namespace DaprMesh.Sidecar.PubSub.Json;

/// <summary>What Go's encoding/json says about a text that is no JSON. daprd's answers carry these sentences.</summary>
internal ref struct GoJsonError
{
    private readonly ReadOnlySpan<byte> _text;
    private int _at;
    private string? _error;

    private GoJsonError(ReadOnlySpan<byte> text) => _text = text;

    public static string Describe(ReadOnlySpan<byte> text)
    {
        var scan = new GoJsonError(text);
        scan.SkipSpace();
        if (scan._at == text.Length)
        {
            return "EOF";
        }

        scan.Value(0);
        return scan._error ?? "unexpected EOF";
    }

    private void Value(int depth)
    {
        SkipSpace();
        if (Ended())
        {
            return;
        }

        switch (_text[_at])
        {
            case (byte)'{':
                Object(depth);
                break;
            case (byte)'[':
                Array(depth);
                break;
            case (byte)'"':
                Text();
                break;
            case (byte)'t':
                Literal("true");
                break;
            case (byte)'f':
                Literal("false");
                break;
            case (byte)'n':
                Literal("null");
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                Number();
                break;
            default:
                Fail("looking for beginning of value");
                break;
        }
    }

    private void Object(int depth)
    {
        _at++;
        SkipSpace();
        if (depth > 10000 || Ended())
        {
            _error ??= depth > 10000 ? "exceeded max depth" : null;
            return;
        }

        if (_text[_at] == '}')
        {
            _at++;
            return;
        }

        while (true)
        {
            SkipSpace();
            if (Ended())
            {
                return;
            }

            if (_text[_at] != '"')
            {
                Fail("looking for beginning of object key string");
                return;
            }

            Text();
            SkipSpace();
            if (Ended())
            {
                return;
            }

            if (_text[_at] != ':')
            {
                Fail("after object key");
                return;
            }

            _at++;
            Value(depth + 1);
            if (!Next((byte)'}', "after object key:value pair"))
            {
                return;
            }
        }
    }

    private void Array(int depth)
    {
        _at++;
        SkipSpace();
        if (depth > 10000 || Ended())
        {
            _error ??= depth > 10000 ? "exceeded max depth" : null;
            return;
        }

        if (_text[_at] == ']')
        {
            _at++;
            return;
        }

        do
        {
            Value(depth + 1);
        }
        while (Next((byte)']', "after array element"));
    }

    /// <summary>True after a comma; false at the end of the list or at a fault.</summary>
    private bool Next(byte close, string context)
    {
        SkipSpace();
        if (Ended())
        {
            return false;
        }

        if (_text[_at] == ',')
        {
            _at++;
            return true;
        }

        if (_text[_at] == close)
        {
            _at++;
            return false;
        }

        Fail(context);
        return false;
    }

    private void Text()
    {
        _at++;
        while (!Ended())
        {
            var c = _text[_at];
            if (c == '"')
            {
                _at++;
                return;
            }

            if (c < 0x20)
            {
                Fail("in string literal");
                return;
            }

            _at++;
            if (c == '\\' && !Ended() && !Escape())
            {
                return;
            }
        }
    }

    private bool Escape()
    {
        if (!"bfnrt\\/\"u"u8.Contains(_text[_at]))
        {
            Fail("in string escape code");
            return false;
        }

        if (_text[_at++] != 'u')
        {
            return true;
        }

        for (var i = 0; i < 4 && !Ended(); i++, _at++)
        {
            if (!char.IsAsciiHexDigit((char)_text[_at]))
            {
                Fail("in \\u hexadecimal character escape");
                return false;
            }
        }

        return true;
    }

    private void Literal(string word)
    {
        for (var i = 0; i < word.Length; i++, _at++)
        {
            if (Ended())
            {
                return;
            }

            if (_text[_at] != word[i])
            {
                Fail($"in literal {word} (expecting {Quote((byte)word[i])})");
                return;
            }
        }
    }

    private void Number()
    {
        if (_text[_at] == '-')
        {
            _at++;
            if (!Digit("in numeric literal"))
            {
                return;
            }
        }

        if (_text[_at] == '0')
        {
            _at++;
        }
        else
        {
            Digits();
        }

        if (_at < _text.Length && _text[_at] == '.')
        {
            _at++;
            if (!Digit("after decimal point in numeric literal"))
            {
                return;
            }

            Digits();
        }

        if (_at < _text.Length && _text[_at] is (byte)'e' or (byte)'E')
        {
            _at++;
            if (_at < _text.Length && _text[_at] is (byte)'+' or (byte)'-')
            {
                _at++;
            }

            if (Digit("in exponent of numeric literal"))
            {
                Digits();
            }
        }
    }

    private bool Digit(string context)
    {
        if (Ended())
        {
            return false;
        }

        if (!char.IsAsciiDigit((char)_text[_at]))
        {
            Fail(context);
            return false;
        }

        return true;
    }

    private void Digits()
    {
        while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at]))
        {
            _at++;
        }
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _at++;
        }
    }

    private readonly bool Ended() => _error is not null || _at >= _text.Length;

    private void Fail(string context) => _error ??= $"invalid character {Quote(_text[_at])} {context}";

    private static string Quote(byte c) => c switch
    {
        (byte)'\'' => @"'\''",
        (byte)'"' => "'\"'",
        (byte)'\\' => @"'\\'",
        (byte)'\n' => @"'\n'",
        (byte)'\r' => @"'\r'",
        (byte)'\t' => @"'\t'",
        < 0x20 or 0x7F => string.Create(CultureInfo.InvariantCulture, $"'\\x{c:x2}'"),
        >= 0x80 and < 0xA1 or 0xAD => string.Create(CultureInfo.InvariantCulture, $"'\\u{(int)c:x4}'"),
        _ => $"'{(char)c}'",
    };
}
