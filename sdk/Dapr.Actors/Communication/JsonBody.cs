using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dapr.Actors.Communication;

/// <summary>A JSON request body in pooled memory.</summary>
internal sealed class JsonBody : HttpContent
{
    private readonly PooledBuffer _buffer = new();

    public JsonBody() => Headers.TryAddWithoutValidation("Content-Type", "application/json");

    public static JsonBody Of<T>(T value, JsonSerializerOptions options) => Written(
        (value, options), options.Encoder, static (writer, state) => JsonSerializer.Serialize(writer, state.value, state.options));

    public static JsonBody Written<TState>(TState state, JavaScriptEncoder? encoder, Action<Utf8JsonWriter, TState> write)
    {
        var body = new JsonBody();
        using var writer = new Utf8JsonWriter(body._buffer, new JsonWriterOptions { Encoder = encoder });
        write(writer, state);
        return body;
    }

    /// <summary>
    /// Gives the memory back. To be called when the answer was read to its end: after a failure or a cancellation
    /// the transport may still be reading, and the memory is left to the garbage collector.
    /// </summary>
    public void Release() => _buffer.Dispose();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_buffer.Written, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = _buffer.Length;
        return true;
    }
}
