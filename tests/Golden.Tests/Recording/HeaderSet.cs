using System.Text.Json;
using System.Text.Json.Serialization;

namespace DaprMesh.Golden.Tests.Recording;

/// <summary>Headers by lower-case name; a recording writes one value as text and several as a list.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class HeaderSet : SortedDictionary<string, IReadOnlyList<string>>
{
    public HeaderSet() : base(StringComparer.Ordinal)
    {
    }

    public static HeaderSet From(IEnumerable<(string Name, string Value)> headers)
    {
        var set = new HeaderSet();
        foreach (var header in headers.GroupBy(header => header.Name.ToLowerInvariant(), header => header.Value))
            set[header.Key] = header.ToList();
        return set;
    }

    private sealed class Converter : JsonConverter<HeaderSet>
    {
        public override HeaderSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var set = new HeaderSet();
            using var json = JsonDocument.ParseValue(ref reader);
            foreach (var member in json.RootElement.EnumerateObject())
            {
                set[member.Name] = member.Value.ValueKind == JsonValueKind.Array
                    ? member.Value.EnumerateArray().Select(value => value.GetString()!).ToList()
                    : [member.Value.GetString()!];
            }

            return set;
        }

        public override void Write(Utf8JsonWriter writer, HeaderSet value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, (IDictionary<string, IReadOnlyList<string>>)value, options);
    }
}
