using System.Text.Json;

namespace Dapr.Actors.Communication;

/// <summary>The object with one property, <c>value</c>, around the arguments and results of typed calls.</summary>
internal static class TypedEnvelope
{
    /// <summary>Moves into the object behind <c>value</c>; false when that is null or the body is empty of it.</summary>
    public static bool EnterValue(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The body of a typed actor call is a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (isValue && reader.TokenType == JsonTokenType.StartObject)
                return true;
            if (isValue && reader.TokenType != JsonTokenType.Null)
                throw new JsonException("The value of a typed actor call is a JSON object.");
            reader.Skip();
        }

        return false;
    }

    /// <summary>Reads the result of a typed call; null results and missing ones are the type's default value.</summary>
    public static TResult ReadResult<TResult>(ReadOnlySpan<byte> body, JsonSerializerOptions options)
    {
        var reader = new Utf8JsonReader(body);
        if (EnterValue(ref reader))
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isResult = reader.ValueTextEquals(NamedArguments.ReturnValue);
                reader.Read();
                // Whether null may be among the answers only the interface's author knows.
                if (isResult)
                    return JsonSerializer.Deserialize<TResult>(ref reader, options)!;
                reader.Skip();
            }
        }

        return default!;
    }
}
