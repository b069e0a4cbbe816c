using System.Text.Json;

namespace Dapr.Actors.Communication;

/// <summary>What a typed caller gets to know of an exception: body <c>{"type","message"}</c> and a line in a header.</summary>
internal static class ActorFault
{
    public static string Header(Exception exception, string method, Guid id)
    {
        var text = $"Exception: {exception.GetType().Name}, Method Name: {method}, Exception uuid: {id}";
        // Names in C# may have any letter, header values may not.
        return string.Create(text.Length, text, static (line, text) =>
        {
            for (var i = 0; i < line.Length; i++)
                line[i] = text[i] is >= ' ' and <= '~' ? text[i] : '?';
        });
    }

    public static void Write(Utf8JsonWriter writer, Exception exception)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, exception.GetType().FullName);
        writer.WriteString("message"u8, exception.Message);
        writer.WriteEndObject();
    }

    public static ActorMethodInvocationException Read(string header, ReadOnlySpan<byte> body) => new(
        $"The method of the actor threw. {header}", Inner(body), isTransient: false);

    private static ActorInvokeException Inner(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);
            return new ActorInvokeException(
                json.RootElement.GetProperty("type"u8).GetString() ?? "", json.RootElement.GetProperty("message"u8).GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new ActorInvokeException("", "The actor's answer tells of an exception in a form other than JSON.");
        }
    }
}
