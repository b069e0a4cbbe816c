using System.Buffers.Text;
using System.Diagnostics;
using DaprMesh.Benchmarks.Load;

namespace DaprMesh.Benchmarks.Mesh;

/// <summary>Counts what subscribers got, and how long each message was under way since its publisher sent it.</summary>
internal sealed class Deliveries
{
    private const int Kept = 1 << 21;
    private readonly int[] _latencies = new int[Kept];
    private long _count;
    private long _from;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Forgets what was before.</summary>
    public void Restart() => _from = Count;

    public void Add(byte[] cloudEvent)
    {
        var mark = "\"sent\":\""u8;
        var sentAt = cloudEvent.AsSpan(cloudEvent.AsSpan().IndexOf(mark) + mark.Length, 20);
        if (!Utf8Parser.TryParse(sentAt, out long sent, out _))
        {
            throw new FormatException("The event does not say when it was sent.");
        }

        var at = Interlocked.Increment(ref _count) - 1;
        _latencies[at % Kept] = (int)Stopwatch.GetElapsedTime(sent).TotalMicroseconds;
    }

    /// <summary>Of the second half since the restart, so that the warm-up does not show; in milliseconds.</summary>
    public (double P50, double P99) Latency()
    {
        var count = Count;
        var from = Math.Max(_from + ((count - _from) / 2), count - Kept);
        var sorted = new List<int>((int)(count - from));
        for (var at = from; at < count; at++)
        {
            sorted.Add(_latencies[at % Kept]);
        }

        sorted.Sort();
        return (Percentiles.Of(sorted, 0.5), Percentiles.Of(sorted, 0.99));
    }
}
