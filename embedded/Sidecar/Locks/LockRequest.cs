using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DaprMesh.Sidecar.Locks;

/// <summary>The body of a lock or unlock call, read as protobuf's JSON: names in camel or snake case, numbers also as text, unknown members ignored.</summary>
internal sealed record LockRequest(string ResourceId, string Owner, int ExpiryInSeconds)
{
    private static readonly SearchValues<byte> WordEnds = SearchValues.Create(" \t\r\n,:{}[]"u8);

    /// <exception cref="JsonException">The body is not such a request; the message is daprd's.</exception>
    public static LockRequest Read(ReadOnlySpan<byte> body)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            return new LockRequest("", "", 0);
        }

        var (resource, owner, expiry) = ("", "", 0);
        var reader = new Utf8JsonReader(body);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Fault(body, reader.TokenStartIndex, $"unexpected token {Token(reader)}");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                switch (name)
                {
                    case "resourceId" or "resource_id":
                        resource = Text(body, ref reader, "resourceId");
                        break;
                    case "lockOwner" or "lock_owner":
                        owner = Text(body, ref reader, "lockOwner");
                        break;
                    case "expiryInSeconds" or "expiry_in_seconds":
                        expiry = Number(body, ref reader);
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            _ = reader.Read();
        }
        catch (JsonException e) when (e.LineNumber is not null)
        {
            throw Syntax(body, (int)reader.BytesConsumed, e);
        }
        catch (InvalidOperationException e)
        {
            var place = Position(body, (int)reader.TokenStartIndex);
            throw new JsonException($"proto: syntax error {place}: invalid escape code in string", e);
        }

        return new LockRequest(resource, owner, expiry);
    }

    private static string Text(ReadOnlySpan<byte> body, ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Null => "",
        _ => throw Fault(body, reader.TokenStartIndex, $"invalid value for string field {name}: {Token(reader)}"),
    };

    private static int Number(ReadOnlySpan<byte> body, ref Utf8JsonReader reader)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Null => "0",
            _ => "",
        };

        // 1.0 and 1e2 are whole numbers to protobuf, too.
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number)
            && number is >= int.MinValue and <= int.MaxValue)
        {
            return (int)number;
        }

        throw Fault(body, reader.TokenStartIndex, $"invalid value for int32 field expiryInSeconds: {Token(reader)}");
    }

    private static string Token(in Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ValueSpan);
        return reader.TokenType == JsonTokenType.String ? $"\"{text}\"" : text;
    }

    private static JsonException Syntax(ReadOnlySpan<byte> body, int at, JsonException e)
    {
        while (at < body.Length && body[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        var rest = body[at..];
        if (rest.IsEmpty)
        {
            return new JsonException("proto: syntax error " + Position(body, at) + ": unexpected EOF", e);
        }

        var length = rest.IndexOfAny(WordEnds);
        var word = Encoding.UTF8.GetString(length < 0 ? rest : rest[..Math.Max(length, 1)]);
        return new JsonException($"proto: syntax error {Position(body, at)}: invalid value {word}", e);
    }

    private static JsonException Fault(ReadOnlySpan<byte> body, long at, string what) =>
        new($"proto: {Position(body, (int)at)}: {what}");

    private static string Position(ReadOnlySpan<byte> body, int at)
    {
        var before = body[..at];
        return $"(line {before.Count((byte)'\n') + 1}:{at - before.LastIndexOf((byte)'\n')})";
    }
}
