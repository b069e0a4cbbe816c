using System.Buffers;
using System.Net;
using DaprMesh.Sidecar.Hosting;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>The body of an invocation: kept when it may have to be sent again, streamed otherwise.</summary>
internal sealed class RequestBody : IAsyncDisposable
{
    private readonly Stream? _stream;
    private readonly byte[]? _bytes;
    private readonly long? _length;
    private readonly long _limit;

    private RequestBody(Stream? stream, byte[]? bytes, long? length, long limit)
    {
        _stream = stream;
        _bytes = bytes;
        _length = length;
        _limit = limit;
    }

    /// <summary>False for a chunked body, which is streamed and can be sent once.</summary>
    public bool CanReplay => _stream is null;

    /// <summary>Nothing of it has been read, so it can be sent elsewhere.</summary>
    public bool IsUntouched { get; private set; } = true;

    /// <summary>More came than is allowed.</summary>
    public bool IsTooLarge { get; private set; }

    public static async ValueTask<RequestBody> OfAsync(HttpContext http, long limit, bool keep)
    {
        var request = http.Request;
        var length = request.ContentLength;
        var hasBody = length > 0 || (length is null && (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? false));
        if (!hasBody)
        {
            return new(null, null, length, limit);
        }

        if (keep && length <= limit)
        {
            return new(null, await BodyReader.ReadAsync(request, http.RequestAborted), length, limit);
        }

        return new(request.Body, null, length, limit);
    }

    /// <summary>A fresh content for one attempt; null when there is no body.</summary>
    public HttpContent? Content() => (_bytes, _stream) switch
    {
        ({ } bytes, _) => new ByteArrayContent(bytes),
        (_, { } stream) => new LimitedContent(this, stream, _length, _limit),
        _ => _length is 0 ? new ByteArrayContent([]) : null,
    };

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private BodyTooLargeException TooLarge()
    {
        IsTooLarge = true;
        return new BodyTooLargeException();
    }

    private sealed class LimitedContent(RequestBody body, Stream stream, long? length, long limit) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream target, TransportContext? context) =>
            SerializeToStreamAsync(target, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream target, TransportContext? context, CancellationToken cancellationToken)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
            try
            {
                var left = limit;
                for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0; left -= read)
                {
                    body.IsUntouched = false;
                    if (read > left)
                    {
                        // As daprd does it: the app gets what is allowed before the call fails.
                        await target.WriteAsync(buffer.AsMemory(0, (int)left), cancellationToken);
                        await target.FlushAsync(cancellationToken);
                        throw body.TooLarge();
                    }

                    await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Limited();

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(Limited());

        private LimitedStream Limited() => new(stream, limit, () => body.IsUntouched = false, body.TooLarge);

        protected override bool TryComputeLength(out long computed)
        {
            computed = length ?? 0;
            return length is not null;
        }
    }
}

/// <summary>Fails when more than the limit is read.</summary>
internal sealed class LimitedStream(Stream inner, long limit, Action touched, Func<BodyTooLargeException> tooLarge) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        _read += read;
        if (read > 0)
        {
            touched();
        }

        return _read > limit ? throw tooLarge() : read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
