using System.Runtime.InteropServices;
using SQLitePCL;

namespace DaprMesh.Auth.Storage;

/// <summary>
/// Chooses the native library once per process: the system's when it is there and newer than the bundled one, whose WAL lock retries sleep
/// for whole seconds.
/// </summary>
internal static class SqliteLibrary
{
    /// <summary>The version in the bundle_e_sqlite3 package.</summary>
    private const int BundledVersion = 3_035_005;

    private static readonly Lazy<string> Chosen = new(Choose);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();

    /// <summary>Which library is in use, and its version.</summary>
    public static string Use() => Chosen.Value;

    private static string Choose()
    {
        var source = "bundled";
        if (NativeLibrary.TryLoad("libsqlite3.so.0", out var system)
            && NativeLibrary.TryGetExport(system, "sqlite3_libversion_number", out var version)
            && Marshal.GetDelegateForFunctionPointer<VersionNumber>(version)() >= BundledVersion)
        {
            source = "system";
            try
            {
                NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (_, _, _) => system);
            }
            catch (InvalidOperationException)
            {
                // Another part of this process has chosen before, by the same rule.
            }
        }

        Batteries_V2.Init();
        return $"SQLite {raw.sqlite3_libversion().utf8_to_string()} ({source})";
    }
}
