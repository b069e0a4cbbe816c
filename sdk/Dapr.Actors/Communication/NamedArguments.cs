using System.Reflection;
using System.Text.Json;

namespace Dapr.Actors.Communication;

/// <summary>
/// The parameters of a method of an actor, as typed calls carry them: <c>{"value":{"name":…}}</c>, and <c>{"value":{"retVal":…}}</c> back.
/// </summary>
internal sealed class NamedArguments
{
    public const string ReturnValue = "retVal";

    private readonly ParameterInfo[] _parameters;

    public NamedArguments(MethodInfo method)
    {
        var all = method.GetParameters();
        TakesToken = all.Length > 0 && all[^1].ParameterType == typeof(CancellationToken);
        _parameters = TakesToken ? all[..^1] : all;
    }

    /// <summary>Whether a cancellation token follows the arguments. It is not sent.</summary>
    public bool TakesToken { get; }

    public int Count => _parameters.Length;

    public Type TypeOf(int index) => _parameters[index].ParameterType;

    /// <summary>Values such as tuples have nothing but fields, and the published serializer takes those too.</summary>
    public static JsonSerializerOptions WithFields(JsonSerializerOptions options) =>
        options.IncludeFields ? options : new JsonSerializerOptions(options) { IncludeFields = true };

    public void Write(Utf8JsonWriter writer, object?[] arguments, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("value"u8);
        for (var i = 0; i < _parameters.Length; i++)
        {
            writer.WritePropertyName(NameIn(options, _parameters[i].Name));
            JsonSerializer.Serialize(writer, arguments[i], _parameters[i].ParameterType, options);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Reads the arguments; one that the caller left out has its type's default value.</summary>
    public object?[] Read(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (_parameters.Length == 0)
            return [];
        var arguments = new object?[_parameters.Length];
        Span<bool> given = stackalloc bool[_parameters.Length];
        if (TypedEnvelope.EnterValue(ref reader))
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var index = IndexOf(ref reader, options);
                reader.Read();
                if (index < 0)
                {
                    reader.Skip();
                    continue;
                }

                arguments[index] = JsonSerializer.Deserialize(ref reader, _parameters[index].ParameterType, options);
                given[index] = true;
            }
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            if (!given[i] && _parameters[i].ParameterType is { IsValueType: true } type)
                arguments[i] = Activator.CreateInstance(type);
        }

        return arguments;
    }

    private static string NameIn(JsonSerializerOptions options, string? name) =>
        options.PropertyNamingPolicy?.ConvertName(name ?? "") ?? name ?? "";

    private int IndexOf(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (reader.ValueTextEquals(NameIn(options, _parameters[i].Name)))
                return i;
        }

        if (!options.PropertyNameCaseInsensitive)
            return -1;
        var name = reader.GetString();
        return Array.FindIndex(_parameters, parameter => NameIn(options, parameter.Name).Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
