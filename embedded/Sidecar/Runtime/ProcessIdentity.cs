using System.ComponentModel;
using System.Diagnostics;

namespace DaprMesh.Sidecar.Runtime;

/// <summary>A process for as long as it lives: its id can be given to another one, its id and start time cannot.</summary>
/// <param name="Started">Unix milliseconds.</param>
internal readonly record struct ProcessIdentity(int Id, long Started)
{
    /// <summary>The start time is worked out from the boot time, which wavers by some milliseconds.</summary>
    private const long Waver = 1000;

    public static ProcessIdentity Current { get; } = Of(Environment.ProcessId) ?? new(Environment.ProcessId, 0);

    public bool IsAlive => Id == Current.Id
        ? Math.Abs(Started - Current.Started) < Waver
        : Of(Id) is { } now && Math.Abs(now.Started - Started) < Waver;

    private static ProcessIdentity? Of(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return new(id, new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds());
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null; // no such process
        }
    }
}
