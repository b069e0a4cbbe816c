using DaprMesh.Benchmarks.Calibration;
using DaprMesh.Sidecar.Sqlite;

namespace DaprMesh.Benchmarks.Measures;

/// <summary>The embedded runtime's SQLite file without HTTP: 64 callers against one.</summary>
internal static class GroupCommit
{
    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string folder, Ceilings ceilings, CancellationToken ct)
    {
        await using var file = SqliteFile.Open(Path.Combine(folder, "commits.db"));
        await file.WriteAsync(session => session.Execute("CREATE TABLE item (key TEXT PRIMARY KEY, value TEXT, etag TEXT, updated TIMESTAMP) WITHOUT ROWID"));
        var many = await Callers.PerSecondAsync(64, i => SaveAsync(file, i), ct);
        var one = await Callers.PerSecondAsync(1, i => SaveAsync(file, i), ct);
        return
        [
            Figure.AtLeast("group commit, 64 callers to one", many / one, 8, $"{Figure.PerSecond(many)} to {Figure.PerSecond(one)}"),
            Figure.Plain("group commit, 64 callers, of the ceiling", $"{many / ceilings.Commits64:0.00}"),
        ];
    }

    private static Task<int> SaveAsync(SqliteFile file, int i) => file.WriteAsync(
        i % 8192,
        static (session, i) => session.Execute("INSERT OR REPLACE INTO item VALUES ($1, $2, '1', CURRENT_TIMESTAMP)", $"order-{i:D6}", StateSave.Value),
        singleStatement: true);
}
