using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace DaprMesh.Benchmarks.Load;

/// <summary>
/// The load: one thread that waits for answers on all connections together and sends the next request on each that has its answer.
/// It does as little as it can, so that the machine is left to what is measured.
/// </summary>
internal static class LoadGenerator
{
    private const int PollMicroseconds = 1_000_000;

    /// <summary>The program's first argument when it is started as the load generator.</summary>
    public const string Argument = "load";

    public static int Run(string plan)
    {
        Console.WriteLine(JsonSerializer.Serialize(Run(JsonSerializer.Deserialize<LoadPlan>(plan)!)));
        return 0;
    }

    private static LoadResult Run(LoadPlan plan)
    {
        var requests = LoadRequest.Of(plan);
        var connections = Enumerable.Range(0, plan.Connections).Select(_ => LoadConnection.Open(plan.Port)).ToDictionary(connection => connection.Socket);
        var latencies = new List<int>(1 << 20);
        var sent = 0L;
        var next = 0;
        string? error = null;

        var counting = Stopwatch.GetTimestamp() + Ticks(plan.WarmUpSeconds);
        var end = counting + Ticks(plan.Seconds);
        var waiting = new List<Socket>(plan.Connections);
        foreach (var connection in connections.Values)
        {
            connection.Send(requests[next++ % requests.Length], Stopwatch.GetTimestamp());
        }

        var open = connections.Count;
        var last = counting;
        while (open > 0)
        {
            waiting.Clear();
            waiting.AddRange(connections.Keys);
            Socket.Select(waiting, null, null, PollMicroseconds);
            if (waiting.Count == 0 && Stopwatch.GetTimestamp() > end + Ticks(10))
            {
                error ??= $"{open} requests have no answer";
                break;
            }

            foreach (var socket in waiting)
            {
                var connection = connections[socket];
                try
                {
                    if (!connection.Receive())
                    {
                        continue;
                    }
                }
                catch (Exception e) when (e is IOException or SocketException)
                {
                    error ??= e.Message;
                    connections.Remove(socket);
                    open--;
                    continue;
                }

                var now = Stopwatch.GetTimestamp();
                sent++;
                if (now >= counting && now < end)
                {
                    latencies.Add((int)(Stopwatch.GetElapsedTime(connection.SentAt, now).TotalMicroseconds));
                    last = now;
                }

                if (now >= end)
                {
                    connections.Remove(socket);
                    connection.Dispose();
                    open--;
                    continue;
                }

                connection.Send(requests[next++ % requests.Length], Stopwatch.GetTimestamp());
                if (next == int.MaxValue)
                {
                    next = 0;
                }
            }
        }

        latencies.Sort();
        return new LoadResult(latencies.Count, sent, Stopwatch.GetElapsedTime(counting, last).TotalSeconds,
            Percentiles.Of(latencies, 0.5), Percentiles.Of(latencies, 0.99), error);
    }

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);
}
