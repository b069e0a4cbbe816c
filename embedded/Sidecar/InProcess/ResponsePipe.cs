using System.Buffers;
using System.IO.Pipelines;

namespace DaprMesh.Sidecar.InProcess;

/// <summary>
/// The response body between two hosts. A body that is complete before it is flushed is handed over as one buffer;
/// from the first flush on it goes through a pipe with back-pressure.
/// </summary>
internal sealed class ResponsePipe(DispatchExchange exchange) : PipeWriter
{
    private ArrayBufferWriter<byte>? _buffer;
    private Pipe? _pipe;
    private Stream? _stream;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _pipe?.Writer.UnflushedBytes ?? _buffer?.WrittenCount ?? 0;

    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        _pipe is null ? Buffer().GetMemory(sizeHint) : _pipe.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (_pipe is null)
        {
            Buffer().Advance(bytes);
        }
        else
        {
            _pipe.Writer.Advance(bytes);
        }
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        await exchange.StartAsync(cancellationToken);
        return await _pipe!.Writer.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => _pipe?.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        // The exchange completes the body when the application is done.
    }

    public override Stream AsStream(bool leaveOpen = false) => _stream ??= base.AsStream(leaveOpen: true);

    /// <summary>From here on the caller reads while the host writes. Called on the host's side only.</summary>
    public void Switch()
    {
        var pipe = new Pipe();
        if (_buffer is { WrittenCount: > 0 })
        {
            pipe.Writer.Write(_buffer.WrittenSpan);
        }

        _pipe = pipe;
    }

    /// <summary>Forgets what was written and not handed over.</summary>
    public void Discard() => _buffer = null;

    public void Finish(Exception? error = null) => _pipe?.Writer.Complete(error);

    public HttpContent ToContent() => _pipe is not null
        ? new StreamContent(_pipe.Reader.AsStream())
        : new ReadOnlyMemoryContent(_buffer?.WrittenMemory ?? ReadOnlyMemory<byte>.Empty);

    private ArrayBufferWriter<byte> Buffer() => _buffer ??= new ArrayBufferWriter<byte>(512);
}
