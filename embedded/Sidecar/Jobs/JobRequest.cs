using System.Globalization;
using System.Text;
using System.Text.Json;
using DaprMesh.Sidecar.Runtime;

namespace DaprMesh.Sidecar.Jobs;

/// <summary>The body of a job registration: protobuf's JSON, with either case of the names, unknown ones ignored.</summary>
internal sealed class JobRequest
{
    public string Name { get; private set; } = "";

    public string? Schedule { get; private set; }

    public string? DueTime { get; private set; }

    public string? Ttl { get; private set; }

    public uint? Repeats { get; private set; }

    /// <summary>Raw JSON; null: none was given.</summary>
    public byte[]? Data { get; private set; }

    public bool Overwrite { get; private set; }

    public FailurePolicy Failure { get; private set; } = FailurePolicy.Default;

    /// <exception cref="FormatException">The body is not what it should be; the message is protobuf's.</exception>
    public static JobRequest Read(byte[] body)
    {
        var request = new JobRequest();
        if (body.Length == 0)
        {
            return request;
        }

        var reader = new Utf8JsonReader(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw Unexpected(body, (int)reader.TokenStartIndex);
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var name = reader.GetString();
                reader.Read();
                request.ReadMember(ref reader, body, name);
            }

            reader.Read();
            return request;
        }
        catch (JsonException e)
        {
            throw Syntax(body, e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"proto: syntax error ({Place(body, (int)reader.TokenStartIndex)}): invalid escape code in string", e);
        }
    }

    private static FormatException Unexpected(byte[] body, int at) => new($"proto: syntax error ({Place(body, at)}): unexpected token {Token(body, at)}");

    private static FormatException Syntax(byte[] body, JsonException e)
    {
        var lines = (int)(e.LineNumber ?? 0);
        var at = 0;
        for (var line = 0; line < lines; line++)
        {
            at = Array.IndexOf(body, (byte)'\n', at) + 1;
        }

        at = Math.Min(at + (int)(e.BytePositionInLine ?? 0), body.Length);
        while (at > 0 && (at == body.Length || IsWord(body[at])) && IsWord(body[at - 1]))
        {
            at--; // the reader stops inside the word that it cannot read
        }

        return at >= body.Length
            ? new FormatException("proto: unexpected EOF")
            : new FormatException($"proto: syntax error ({Place(body, at)}): invalid value {Token(body, at)}");
    }

    private static FormatException Invalid(byte[] body, ref Utf8JsonReader reader, string type, string field) =>
        new($"proto: ({Place(body, (int)reader.TokenStartIndex)}): invalid value for {type} field {field}: {Token(body, (int)reader.TokenStartIndex)}");

    private static string Place(byte[] body, int at)
    {
        var before = body.AsSpan(0, at);
        var line = before.Count((byte)'\n') + 1;
        return string.Create(CultureInfo.InvariantCulture, $"line {line}:{at - before.LastIndexOf((byte)'\n')}");
    }

    private static string Token(byte[] body, int at)
    {
        if (at >= body.Length)
        {
            return "";
        }

        var end = at + 1;
        if (body[at] == '"')
        {
            while (end < body.Length && body[end] != '"')
            {
                end += body[end] == '\\' ? 2 : 1;
            }

            end = Math.Min(end + 1, body.Length);
        }
        else if (IsWord(body[at]))
        {
            while (end < body.Length && IsWord(body[end]))
            {
                end++;
            }
        }

        return Encoding.UTF8.GetString(body, at, end - at);
    }

    private static bool IsWord(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'+' or (byte)'.' or (byte)'_';

    private static string? Text(ref Utf8JsonReader reader, byte[] body, string field) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => reader.GetString(),
        _ => throw Invalid(body, ref reader, "string", field),
    };

    private static uint? Number(ref Utf8JsonReader reader, byte[] body, string field)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var text = reader.TokenType is JsonTokenType.Number or JsonTokenType.String ? Encoding.UTF8.GetString(reader.ValueSpan) : "";
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is >= 0 and <= uint.MaxValue && number == decimal.Truncate(number)
            ? (uint)number
            : throw Invalid(body, ref reader, "uint32", field);
    }

    private static TimeSpan? Duration(ref Utf8JsonReader reader, byte[] body)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        return text.EndsWith('s') && decimal.TryParse(
            text.AsSpan(0, text.Length - 1), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) <= 315_576_000_000m
            ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : throw new FormatException(
                $"proto: ({Place(body, (int)reader.TokenStartIndex)}): invalid google.protobuf.Duration value {Token(body, (int)reader.TokenStartIndex)}");
    }

    private void ReadMember(ref Utf8JsonReader reader, byte[] body, string? name)
    {
        switch (name)
        {
            case "name":
                Name = Text(ref reader, body, "name") ?? "";
                break;
            case "schedule":
                Schedule = Text(ref reader, body, "schedule");
                break;
            case "dueTime" or "due_time":
                DueTime = Text(ref reader, body, name);
                break;
            case "ttl":
                Ttl = Text(ref reader, body, "ttl");
                break;
            case "repeats":
                Repeats = Number(ref reader, body, "repeats");
                break;
            case "overwrite":
                Overwrite = reader.TokenType switch
                {
                    JsonTokenType.True => true,
                    JsonTokenType.False or JsonTokenType.Null => false,
                    _ => throw Invalid(body, ref reader, "bool", "overwrite"),
                };
                break;
            case "data":
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                Data = Json.GoJson.Reencode(body.AsSpan(start..(int)reader.BytesConsumed));
                break;
            case "failurePolicy" or "failure_policy" when reader.TokenType == JsonTokenType.StartObject:
                ReadFailure(ref reader, body);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void ReadFailure(ref Utf8JsonReader reader, byte[] body)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var kind = reader.GetString();
            reader.Read();
            if (kind == "constant" && reader.TokenType == JsonTokenType.StartObject)
            {
                Failure = Constant(ref reader, body);
            }
            else
            {
                Failure = kind == "drop" ? FailurePolicy.Dropped : Failure;
                reader.Skip();
            }
        }
    }

    private static FailurePolicy Constant(ref Utf8JsonReader reader, byte[] body)
    {
        TimeSpan? interval = null;
        uint? maxRetries = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "interval":
                    interval = Duration(ref reader, body);
                    break;
                case "maxRetries" or "max_retries":
                    maxRetries = Number(ref reader, body, name);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new FailurePolicy(false, interval, maxRetries);
    }
}
