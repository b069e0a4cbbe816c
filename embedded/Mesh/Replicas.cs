using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DaprMesh.Launcher;

/// <summary>Further instances of an app: the same app id, ports and sidecar of their own.</summary>
internal static class Replicas
{
    private const int Most = 16;

    /// <summary>Reads <c>auth=2,gateway=2</c>.</summary>
    /// <exception cref="MeshException">It is something else.</exception>
    public static IReadOnlyDictionary<string, int> Parse(string text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            counts[part.Split('=')[0]] = part.Split('=') is [_, var number]
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= Most
                    ? count
                    : throw new MeshException($"--replicas takes app=count with 1 to {Most}, such as auth=2,gateway=2, not '{part}'.");
        }

        return counts;
    }

    /// <summary>Every app as often as is wanted. The first keeps the ports of the run file, the others take the next that are free.</summary>
    /// <exception cref="MeshException">An app that is not there.</exception>
    public static IReadOnlyList<RunApp> Of(IReadOnlyList<RunApp> apps, IReadOnlyDictionary<string, int> counts, int portOffset)
    {
        if (counts.Keys.FirstOrDefault(name => apps.All(app => app.AppId != name)) is { } unknown)
        {
            throw new MeshException($"--replicas: there is no app {unknown} to start; there are {string.Join(", ", apps.Select(app => app.AppId))}.");
        }

        var taken = apps.SelectMany(app => new[] { app.AppPort, app.DaprHttpPort, app.MetricsPort }).ToHashSet();
        return
        [
            .. apps.SelectMany(app => Enumerable.Range(0, counts.GetValueOrDefault(app.AppId, 1)).Select(number => number == 0 ? app : app with
            {
                Replica = number,
                AppPort = Next(app.AppPort, taken, portOffset),
                DaprHttpPort = Next(app.DaprHttpPort, taken, portOffset),
                MetricsPort = Next(app.MetricsPort, taken, portOffset),
            })),
        ];
    }

    /// <summary>0 stays 0: any port will do.</summary>
    private static int Next(int port, HashSet<int> taken, int offset)
    {
        if (port == 0)
        {
            return 0;
        }

        while (!taken.Add(port) || !IsFree(port + offset))
        {
            port++;
        }

        return port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
