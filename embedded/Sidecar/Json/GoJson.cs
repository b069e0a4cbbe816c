using System.Buffers;
using System.Text.Json;

namespace DaprMesh.Sidecar.Json;

/// <summary>
/// JSON decoded and encoded again the way daprd does it: members sorted by name and the last of equal names kept, numbers as float64,
/// <c>&lt; &gt; &amp;</c> escaped, no white space. What an app stores comes back in this form.
/// </summary>
internal static class GoJson
{
    /// <summary>Go gives up on deeper nesting.</summary>
    public const int MaxDepth = 10_000;

    public static readonly JsonReaderOptions Reader = new() { MaxDepth = MaxDepth, AllowMultipleValues = true };

    /// <summary>The value's canonical form.</summary>
    /// <exception cref="JsonException">The text is not one JSON value; the message is Go's.</exception>
    public static byte[] Reencode(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(json.Length, 16));
        Reencode(json, output);
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="Reencode(ReadOnlySpan{byte})"/>
    public static void Reencode(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json, Reader);
        try
        {
            if (!reader.Read())
            {
                throw new JsonException(GoJsonError.Explain(json));
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                var tree = new GoJsonTree(json);
                tree.Read(ref reader);
                tree.Write(output);
            }
            else
            {
                WriteScalar(json, reader.TokenType, reader.ValueSpan, reader.ValueIsEscaped, output);
            }
        }
        catch (JsonException e) when (e.Path is null && e.LineNumber is not null)
        {
            throw new JsonException(GoJsonError.Explain(json), e);
        }
    }

    internal static void WriteScalar(
        ReadOnlySpan<byte> json, JsonTokenType type, ReadOnlySpan<byte> token, bool isEscaped, IBufferWriter<byte> output)
    {
        switch (type)
        {
            case JsonTokenType.String:
                GoJsonText.WriteString(output, isEscaped ? GoJsonText.Unescape(token) : token);
                break;
            case JsonTokenType.Number:
                if (!GoJsonText.TryWriteNumber(output, token))
                {
                    throw new GoNumberRangeException(System.Text.Encoding.UTF8.GetString(token));
                }

                break;
            default:
                output.Write(token);
                break;
        }
    }
}

/// <summary>A number that no float64 can hold.</summary>
internal sealed class GoNumberRangeException(string number)
    : JsonException($"json: cannot unmarshal number {number} into Go value of type float64")
{
    public string Number { get; } = number;
}
