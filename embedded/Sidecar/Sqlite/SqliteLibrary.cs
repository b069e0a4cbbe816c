using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DaprMesh.Sidecar.Sqlite;

/// <summary>
/// Chooses the native library once per process: the system's <c>libsqlite3.so.0</c> when it is there and newer than the bundled one,
/// whose WAL lock retries sleep for whole seconds.
/// </summary>
public static class SqliteLibrary
{
    /// <summary>The version in the bundle_e_sqlite3 package.</summary>
    private const int BundledVersion = 3_035_005;

    private static readonly Lazy<string> Chosen = new(Choose);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();

    /// <summary>Which library is in use, and its version.</summary>
    public static string Use() => Chosen.Value;

    internal static bool IsAutocommit(SqliteConnection connection) => raw.sqlite3_get_autocommit(connection.Handle) != 0;

    internal static SqliteException Error(sqlite3 db, int code) =>
        new($"{raw.sqlite3_errmsg(db).utf8_to_string()} (SQLite error {code})", code & 0xff, raw.sqlite3_extended_errcode(db));

    private static string Choose()
    {
        var source = "bundled";
        if (NativeLibrary.TryLoad("libsqlite3.so.0", out var system))
        {
            if (NativeLibrary.TryGetExport(system, "sqlite3_libversion_number", out var version)
                && Marshal.GetDelegateForFunctionPointer<VersionNumber>(version)() >= BundledVersion)
            {
                source = "system";
                try
                {
                    NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (_, _, _) => system);
                }
                catch (InvalidOperationException)
                {
                    // An app in this process that has a database of its own has chosen before.
                }
            }
            else
            {
                NativeLibrary.Free(system);
            }
        }

        Batteries_V2.Init();
        return $"SQLite {raw.sqlite3_libversion().utf8_to_string()} ({source})";
    }
}
