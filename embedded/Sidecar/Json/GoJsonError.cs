using System.Globalization;

namespace DaprMesh.Sidecar.Json;

/// <summary>Says what is wrong with a text that is not JSON, in the words of Go's encoding/json, which daprd's answers carry.</summary>
internal static class GoJsonError
{
    /// <summary>The message for a text read as a stream's first value, where what follows the value is not looked at.</summary>
    public static string Explain(ReadOnlySpan<byte> json)
    {
        var scan = new Scan(json);
        if (scan.Rest().IsEmpty)
        {
            return "EOF";
        }

        return scan.Value() ?? "unexpected EOF";
    }

    private ref struct Scan(ReadOnlySpan<byte> json)
    {
        private readonly ReadOnlySpan<byte> _json = json;
        private int _at;

        public ReadOnlySpan<byte> Rest()
        {
            while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                _at++;
            }

            return _json[_at..];
        }

        /// <summary>The first fault; null when the text ends too early.</summary>
        public string? Value()
        {
            var open = new Stack<bool>(); // true: an object
            while (true)
            {
                if (Rest() is not [var first, ..])
                {
                    return null;
                }

                var closed = false;
                if (first is (byte)'{' or (byte)'[')
                {
                    if (open.Count >= GoJson.MaxDepth)
                    {
                        return "exceeded max depth";
                    }

                    _at++;
                    open.Push(first == '{');
                    if (Rest() is not [var next, ..])
                    {
                        return null;
                    }

                    closed = next == (first == '{' ? '}' : ']');
                    if (!closed)
                    {
                        if (first == '{' && Name(next) is { } fault)
                        {
                            return fault.Length > 0 ? fault : null;
                        }

                        continue;
                    }
                }
                else if (Scalar(first) is { } fault)
                {
                    return fault.Length > 0 ? fault : null;
                }

                if (After(open, closed) is not { } more)
                {
                    continue;
                }

                return more.Length > 0 ? more : null;
            }
        }

        /// <summary>Null: another value follows. Empty: the text ends.</summary>
        private string? After(Stack<bool> open, bool closed)
        {
            while (true)
            {
                if (closed)
                {
                    _at++;
                    open.Pop();
                }

                if (open.Count == 0 || Rest() is not [var next, ..])
                {
                    return "";
                }

                closed = next == (open.Peek() ? '}' : ']');
                if (closed)
                {
                    continue;
                }

                if (next != ',')
                {
                    return Fault(next, open.Peek() ? "after object key:value pair" : "after array element");
                }

                _at++;
                return open.Peek() ? Rest() is [var name, ..] ? Name(name) : "" : null;
            }
        }

        private string? Name(byte first)
        {
            if (first != '"')
            {
                return Fault(first, "looking for beginning of object key string");
            }

            if (Text() is { } fault)
            {
                return fault;
            }

            if (Rest() is not [var next, ..])
            {
                return "";
            }

            _at++;
            return next == ':' ? null : Fault(next, "after object key");
        }

        private string? Scalar(byte first) => first switch
        {
            (byte)'"' => Text(),
            (byte)'t' => Literal("true"),
            (byte)'f' => Literal("false"),
            (byte)'n' => Literal("null"),
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => Number(),
            _ => Fault(first, "looking for beginning of value"),
        };

        private string? Literal(string word)
        {
            for (var i = 0; i < word.Length; i++, _at++)
            {
                if (_at >= _json.Length)
                {
                    return "";
                }

                if (_json[_at] != word[i])
                {
                    return Fault(_json[_at], $"in literal {word} (expecting '{word[i]}')");
                }
            }

            return null;
        }

        private string? Text()
        {
            for (_at++; _at < _json.Length; _at++)
            {
                switch (_json[_at])
                {
                    case (byte)'"':
                        _at++;
                        return null;
                    case < 0x20:
                        return Fault(_json[_at], "in string literal");
                    case (byte)'\\':
                        _at++;
                        if (_at >= _json.Length)
                        {
                            return "";
                        }

                        if (_json[_at] == 'u')
                        {
                            for (var digit = 0; digit < 4; digit++)
                            {
                                _at++;
                                if (_at >= _json.Length)
                                {
                                    return "";
                                }

                                if (!char.IsAsciiHexDigit((char)_json[_at]))
                                {
                                    return Fault(_json[_at], "in \\u hexadecimal character escape");
                                }
                            }
                        }
                        else if (!"\"\\/bfnrt"u8.Contains(_json[_at]))
                        {
                            return Fault(_json[_at], "in string escape code");
                        }

                        break;
                }
            }

            return "";
        }

        private string? Number()
        {
            if (_json[_at] == '-')
            {
                _at++;
                if (_at >= _json.Length)
                {
                    return "";
                }
            }

            if (!IsDigit())
            {
                return Fault(_json[_at], "in numeric literal");
            }

            if (_json[_at] == '0')
            {
                _at++;
            }
            else
            {
                Digits();
            }

            if (_at < _json.Length && _json[_at] == '.')
            {
                _at++;
                if (Required("after decimal point in numeric literal") is { } fault)
                {
                    return fault;
                }
            }

            if (_at < _json.Length && _json[_at] is (byte)'e' or (byte)'E')
            {
                _at++;
                if (_at < _json.Length && _json[_at] is (byte)'+' or (byte)'-')
                {
                    _at++;
                }

                return Required("in exponent of numeric literal");
            }

            return null;
        }

        private string? Required(string context)
        {
            if (_at >= _json.Length)
            {
                return "";
            }

            if (!IsDigit())
            {
                return Fault(_json[_at], context);
            }

            Digits();
            return null;
        }

        private void Digits()
        {
            while (_at < _json.Length && IsDigit())
            {
                _at++;
            }
        }

        private readonly bool IsDigit() => _json[_at] is >= (byte)'0' and <= (byte)'9';

        private static string Fault(byte found, string context) => $"invalid character {Quote(found)} {context}";

        private static string Quote(byte found) => found switch
        {
            (byte)'\'' => @"'\''",
            (byte)'"' => "'\"'",
            (byte)'\\' => @"'\\'",
            7 => @"'\a'",
            8 => @"'\b'",
            9 => @"'\t'",
            10 => @"'\n'",
            11 => @"'\v'",
            12 => @"'\f'",
            13 => @"'\r'",
            < 0x20 or 0x7f => $@"'\x{found.ToString("x2", CultureInfo.InvariantCulture)}'",
            (>= 0x80 and <= 0xa0) or 0xad => $@"'\u{found.ToString("x4", CultureInfo.InvariantCulture)}'",
            _ => $"'{(char)found}'",
        };
    }
}
