using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;

namespace Dapr.Client;

/// <summary>Writes JSON bodies with writers that are used again, so that a call allocates little more than the body itself.</summary>
internal sealed class JsonBodies
{
    private const int Kept = 16;
    private const int LargestKept = 64 * 1024;

    private readonly ConcurrentQueue<Writer> _free = new();
    private int _count;

    public ByteArrayContent Create<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        if (_free.TryDequeue(out var writer))
            Interlocked.Decrement(ref _count);
        else
            writer = new Writer();

        // A writer that fails halfway is dropped with its half body.
        write(writer.Json, state);
        writer.Json.Flush();
        var content = Content(writer.Buffer.WrittenSpan.ToArray(), "application/json");

        if (writer.Buffer.Capacity <= LargestKept && Interlocked.Increment(ref _count) <= Kept)
        {
            writer.Buffer.ResetWrittenCount();
            writer.Json.Reset();
            _free.Enqueue(writer);
        }
        else if (writer.Buffer.Capacity <= LargestKept)
        {
            Interlocked.Decrement(ref _count);
        }

        return content;
    }

    public static ByteArrayContent Content(byte[] bytes, string contentType)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    private sealed class Writer
    {
        public Writer() => Json = new Utf8JsonWriter(Buffer, new JsonWriterOptions { SkipValidation = true });

        public ArrayBufferWriter<byte> Buffer { get; } = new(256);

        public Utf8JsonWriter Json { get; }
    }
}
