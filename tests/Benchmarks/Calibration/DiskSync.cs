using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DaprMesh.Benchmarks.Calibration;

/// <summary>How often a second the disk takes a small write for good: what one caller waiting for each of his commits can't surpass.</summary>
internal static partial class DiskSync
{
    public static double PerSecond(string folder, double seconds)
    {
        using var file = File.OpenHandle(Path.Combine(folder, "sync.dat"), FileMode.Create, FileAccess.ReadWrite, preallocationSize: 1 << 20);
        var page = new byte[4096];
        var started = Stopwatch.GetTimestamp();
        var count = 0;
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            RandomAccess.Write(file, page, count % 256 * page.Length);
            Sync(file);
            count++;
        }

        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Sync(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
        }
        else if (DataSync(file) != 0)
        {
            throw new IOException("fdatasync failed");
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);
}
