using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Sqlite;

/// <summary>Which database a component's metadata names, in the forms that daprd takes: <c>data.db</c>, <c>file:data.db?…</c>, <c>:memory:</c>.</summary>
/// <param name="Path">Full; null for a database in memory.</param>
public sealed record SqliteTarget(string? Path, bool Wal)
{
    private static readonly string[] Forbidden = ["busy_timeout", "journal_mode", "foreign_keys"];

    /// <exception cref="SqliteFileException">The metadata does not name a database, or has a value that cannot be used.</exception>
    public static SqliteTarget Of(Component component, SidecarContext context)
    {
        var text = component.Find("connectionString") ?? component.Find("url");
        if (string.IsNullOrEmpty(text))
        {
            throw new SqliteFileException("missing connection string");
        }

        if (Duration(component, "timeout", "timeoutInSeconds") is { } timeout && timeout < TimeSpan.FromSeconds(1))
        {
            throw new SqliteFileException("invalid value for 'timeout': must be greater than 1s");
        }

        _ = Duration(component, "busyTimeout");
        return Parse(text, context.Options.WorkingDirectory, wal: !component.IsTrue("disableWAL"));
    }

    /// <summary>Reads a duration such as <c>5s</c>, or a number of seconds; null when neither name is there.</summary>
    /// <exception cref="SqliteFileException">The value is neither.</exception>
    public static TimeSpan? Duration(Component component, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (component.Find(name) is { Length: > 0 } text)
            {
                if (int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds))
                {
                    return TimeSpan.FromSeconds(seconds);
                }

                return Jobs.GoDuration.TryParse(text, out var duration)
                    ? duration
                    : throw new SqliteFileException($"invalid value for '{name}': {text} is not a duration");
            }
        }

        return null;
    }

    /// <summary>The database: one per file in the runtime; one in memory belongs to who opens it, who disposes it.</summary>
    public SqliteFile Open(SidecarContext context)
    {
        context.Loggers.CreateLogger("dapr.sqlite").LogInformation("Opening {Path} with {Library}", Path ?? ":memory:", SqliteLibrary.Use());
        return Path is null ? SqliteFile.OpenInMemory() : context.Runtime.File(Path, Wal);
    }

    internal static SqliteTarget Parse(string text, string? workingDirectory, bool wal)
    {
        var mark = text.IndexOf('?', StringComparison.Ordinal);
        var name = mark < 0 ? text : text[..mark];
        var inMemory = name.StartsWith(":memory:", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("file::memory:", StringComparison.OrdinalIgnoreCase);
        foreach (var (key, value) in QueryText.Parse(mark < 0 ? null : text[mark..]))
        {
            if (key == "_pragma" && Array.Find(Forbidden, pragma => value.StartsWith(pragma, StringComparison.OrdinalIgnoreCase)) is { } pragma)
            {
                throw new SqliteFileException($"found forbidden option '_pragma={pragma}' in the connection string");
            }

            inMemory |= key == "mode" && value == "memory";
        }

        if (inMemory)
        {
            return new SqliteTarget(null, Wal: false);
        }

        if (name.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            name = Uri.UnescapeDataString(name["file:".Length..]);
            name = name.StartsWith("///", StringComparison.Ordinal) ? name[2..] : name;
        }

        return new SqliteTarget(System.IO.Path.GetFullPath(name, workingDirectory ?? Environment.CurrentDirectory), wal);
    }
}
