using System.Text;
using System.Text.Json;

namespace DaprMesh.Sidecar.Json;

/// <summary>
/// Reads a request body into fields the way Go's encoding/json does: names compare without case, null leaves a field as it is, what follows the
/// first value is not looked at, and the first field of a wrong type is named once the whole text has proved to be JSON.
/// </summary>
internal ref struct GoDecoder
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;
    private string? _fault;

    /// <exception cref="JsonException">There is nothing to read, or it does not begin like JSON.</exception>
    public GoDecoder(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json, GoJson.Reader);
        if (!Next())
        {
            throw new JsonException(GoJsonError.Explain(json));
        }
    }

    public readonly JsonTokenType Type => _reader.TokenType;

    /// <summary>Goes to the next token.</summary>
    /// <exception cref="JsonException">The text is not JSON; the message is Go's.</exception>
    public bool Next()
    {
        try
        {
            return _reader.Read();
        }
        catch (JsonException e)
        {
            throw new JsonException(GoJsonError.Explain(_json), e);
        }
    }

    /// <summary>Whether the decoder stands at the start of an object or array; if not, what stands there is passed over and remembered as a fault.</summary>
    /// <param name="expected">What Go would have decoded it into: <c>field</c> and Go type, or <c>Go value of type …</c>.</param>
    public bool Opens(JsonTokenType start, string expected)
    {
        if (Type == start)
        {
            return true;
        }

        if (Type != JsonTokenType.Null)
        {
            Mismatch(expected);
        }

        Skip();
        return false;
    }

    /// <summary>Goes to the next member of an object and stands at its value; false at the object's end.</summary>
    public bool NextMember(out string name)
    {
        name = "";
        if (!Next() || Type == JsonTokenType.EndObject)
        {
            return false;
        }

        name = Text();
        Next();
        return true;
    }

    /// <summary>Goes to the next element of an array; false at the array's end.</summary>
    public bool NextElement() => Next() && Type != JsonTokenType.EndArray;

    public string? String(string field)
    {
        if (Type == JsonTokenType.String)
        {
            return Text();
        }

        if (Type != JsonTokenType.Null)
        {
            Mismatch($"{field} of type string");
        }

        Skip();
        return null;
    }

    public int Integer(string field)
    {
        if (Type == JsonTokenType.Number)
        {
            if (_reader.TryGetInt32(out var number))
            {
                return number;
            }

            _fault ??= $"json: cannot unmarshal number {Encoding.UTF8.GetString(_reader.ValueSpan)} into {field} of type int";
        }
        else if (Type != JsonTokenType.Null)
        {
            Mismatch($"{field} of type int");
        }

        Skip();
        return 0;
    }

    public Dictionary<string, string>? Map(string field)
    {
        if (!Opens(JsonTokenType.StartObject, $"{field} of type map[string]string"))
        {
            return null;
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        while (NextMember(out var name))
        {
            map[name] = String(field) ?? "";
        }

        return map;
    }

    /// <summary>The text of the value the decoder stands at, which is passed over.</summary>
    public ReadOnlySpan<byte> Raw()
    {
        var start = (int)_reader.TokenStartIndex;
        Skip();
        return _json[start..(int)_reader.BytesConsumed];
    }

    public void Skip()
    {
        try
        {
            _reader.Skip();
        }
        catch (JsonException e)
        {
            throw new JsonException(GoJsonError.Explain(_json), e);
        }
    }

    /// <summary>Remembers a fault of a value that was read elsewhere.</summary>
    public void Fault(string message) => _fault ??= message;

    /// <summary>Called when everything is read.</summary>
    /// <exception cref="JsonException">A value had a type that its field cannot take.</exception>
    public readonly void Finish()
    {
        if (_fault is not null)
        {
            throw new JsonException(_fault);
        }
    }

    private readonly string Text() =>
        Encoding.UTF8.GetString(_reader.ValueIsEscaped ? GoJsonText.Unescape(_reader.ValueSpan) : _reader.ValueSpan);

    private void Mismatch(string expected)
    {
        var found = Type switch
        {
            JsonTokenType.StartObject => "object",
            JsonTokenType.StartArray => "array",
            JsonTokenType.String => "string",
            JsonTokenType.Number => "number",
            _ => "bool",
        };
        _fault ??= $"json: cannot unmarshal {found} into {expected}";
    }
}
