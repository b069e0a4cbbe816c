using System.Diagnostics;
using System.Globalization;

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>Who delivers a subscription's messages. Written into the log so that other processes can tell whether he still lives.</summary>
internal static class LogOwner
{
    public static string NewName()
    {
        using var self = Process.GetCurrentProcess();
        return string.Create(
            CultureInfo.InvariantCulture, $"{Environment.MachineName}/{self.Id}/{self.StartTime.ToUniversalTime().Ticks}/{Guid.NewGuid():N}");
    }

    /// <summary>True when the owner was a process of this machine that has ended, so that nobody needs to wait for its lease.</summary>
    public static bool IsGone(string owner)
    {
        var parts = owner.Split('/');
        if (parts.Length != 4 || parts[0] != Environment.MachineName
            || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var id)
            || !long.TryParse(parts[2], CultureInfo.InvariantCulture, out var started))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return Math.Abs(process.StartTime.ToUniversalTime().Ticks - started) > TimeSpan.TicksPerSecond;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return true;
        }
    }
}
