using System.Buffers;
using System.IO.Pipelines;

namespace DaprMesh.Sidecar.InProcess;

/// <summary>
/// The response body between two hosts. A body that is complete when it is first flushed is handed over as one buffer;
/// any other goes through a pipe with back-pressure from the first flush on.
/// </summary>
internal sealed class ResponsePipe(DispatchExchange exchange) : PipeWriter
{
    private ArrayBufferWriter<byte>? _buffer;
    private Pipe? _pipe;
    private Stream? _stream;
    private bool _isSealed;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _pipe?.Writer.UnflushedBytes ?? (_isSealed ? 0 : Written);

    /// <summary>How much has been written so far.</summary>
    public long Written { get; private set; }

    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        _pipe is null ? Buffer().GetMemory(sizeHint) : _pipe.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        Written += bytes;
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
        if (_pipe is null)
        {
            return default;
        }

        var result = await _pipe.Writer.FlushAsync(cancellationToken);
        if (exchange.IsWhole)
        {
            await _pipe.Writer.CompleteAsync(); // the caller need not wait for what the host does afterwards
        }

        return result;
    }

    public override void CancelPendingFlush() => _pipe?.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        // The exchange completes the body when the application is done.
    }

    public override Stream AsStream(bool leaveOpen = false) => _stream ??= base.AsStream(leaveOpen: true);

    /// <summary>The body is all there and stays in its buffer. Called on the host's side only.</summary>
    public void Seal() => _isSealed = true;

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
    public void Discard() => (_buffer, Written) = (null, 0);

    public void Finish(Exception? error = null) => _pipe?.Writer.Complete(error);

    public HttpContent ToContent() => _pipe is not null
        ? new StreamContent(_pipe.Reader.AsStream())
        : new ReadOnlyMemoryContent(_buffer?.WrittenMemory ?? ReadOnlyMemory<byte>.Empty);

    private ArrayBufferWriter<byte> Buffer() => _buffer ??= new ArrayBufferWriter<byte>(512);
}
