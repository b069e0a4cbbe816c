using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>
/// Lets a request whose path holds <c>%00</c> through to the API, which has an answer for it as daprd does. Kestrel refuses such a path before
/// anyone sees it, so the escape is changed in the request line on its way in, and changed back by <see cref="ApiPath"/>.
/// </summary>
internal sealed class EncodedNul
{
    public const string Escape = "%00";

    /// <summary>As long as the escape, and refused wherever the escape is.</summary>
    public const string Substitute = "%01";

    private const int LongestRequestLine = 8192;

    /// <summary>The request being read had the escape in its target.</summary>
    public bool InTarget { get; private set; }

    public static ConnectionDelegate Middleware(ConnectionDelegate next) => connection =>
    {
        var marker = new EncodedNul();
        connection.Features.Set(marker);
        connection.Transport = new Duplex(new RequestLineReader(connection.Transport.Input, marker), connection.Transport.Output);
        return next(connection);
    };

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Looks at what arrives after everything before was consumed: there a request begins, or a body goes on.</summary>
    private sealed class RequestLineReader(PipeReader inner, EncodedNul marker) : PipeReader
    {
        private ReadOnlySequence<byte> _last;
        private bool _atStart = true;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            Look(await inner.ReadAsync(cancellationToken));

        public override bool TryRead(out ReadResult result)
        {
            var read = inner.TryRead(out result);
            if (read)
            {
                Look(result);
            }

            return read;
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            _atStart = _last.Slice(consumed).IsEmpty;
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        private ReadResult Look(ReadResult result)
        {
            _last = result.Buffer;
            if (!_atStart || _last.IsEmpty)
            {
                return result;
            }

            var first = _last.First;
            var span = first.Span[..Math.Min(first.Length, LongestRequestLine)];
            var end = span.IndexOf((byte)'\n');
            var line = end < 0 ? span : span[..end];
            if (line.EndsWith(" HTTP/1.1\r"u8) || line.EndsWith(" HTTP/1.0\r"u8))
            {
                marker.InTarget = Substituted(MemoryMarshal.AsMemory(first).Span[..line.Length]);
            }

            return result;
        }

        private static bool Substituted(Span<byte> line)
        {
            var found = false;
            for (var at = line.IndexOf("%00"u8); at >= 0; at = line.IndexOf("%00"u8))
            {
                line[at + 2] = (byte)'1';
                line = line[(at + 3)..];
                found = true;
            }

            return found;
        }
    }
}
