using System.Runtime.InteropServices;

namespace DaprMesh.Auth.Passwords;

/// <summary>Tells the system's scheduler that a thread can wait; <see cref="Thread.Priority"/> does nothing on Linux.</summary>
internal static partial class ThreadPriorityOfSystem
{
    private const int OneThread = 0;
    private const int Self = 0;
    private const int Nice = 10;

    /// <summary>Puts the calling thread behind all that have more urgent work, for its whole life.</summary>
    public static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(OneThread, Self, Nice); // when it is refused, the thread is as urgent as any
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
