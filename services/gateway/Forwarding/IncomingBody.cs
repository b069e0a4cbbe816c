using Microsoft.AspNetCore.Http.Features;

namespace DaprMesh.Gateway.Forwarding;

/// <summary>The caller's body as it streams through: counted, held to the route's limit, and known to be untouched or not.</summary>
internal sealed class IncomingBody(Stream inner, long limit, Deadline deadline) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Volatile.Read(ref _read);
        set => throw new NotSupportedException();
    }

    /// <summary>Nobody has begun to read, so the request can be sent again.</summary>
    public bool IsUntouched { get; private set; } = true;

    public bool IsTooLarge { get; private set; }

    /// <summary>What went wrong on the caller's side.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Null when the request has none.</summary>
    public static IncomingBody? Of(HttpContext http, long limit, Deadline deadline)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true } || http.Request.ContentLength == 0)
        {
            return null;
        }

        // The route's limit counts, which may be higher than the server's.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = null;
        }

        return new IncomingBody(http.Request.Body, limit, deadline);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        IsUntouched = false;
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException)
        {
            Failure = e;
            throw;
        }

        deadline.Extend();
        if ((_read += read) > limit)
        {
            IsTooLarge = true;
            throw new IOException("The request's body is larger than its route allows.");
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
