using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dapr.Actors.Serialization;

internal sealed class ActorIdJsonConverter : JsonConverter<ActorId>
{
    public override ActorId? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String when reader.GetString() is { } id && !string.IsNullOrWhiteSpace(id) => new ActorId(id),
            _ => throw new JsonException("An actor id is a JSON string that is not empty."),
        };

    public override void Write(Utf8JsonWriter writer, ActorId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.GetId());
}
