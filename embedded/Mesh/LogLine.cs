using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Launcher;

/// <summary>A line of a process's output: a log entry when it is a JSON object with <c>level</c> and <c>message</c>, else what it says.</summary>
internal readonly record struct LogLine(LogLevel Level, string? Category, string Message)
{
    public static LogLine Read(string line)
    {
        if (line is not ['{', .., '}'])
        {
            return new LogLine(LogLevel.Information, null, line);
        }

        try
        {
            using var entry = JsonDocument.Parse(line);
            return Text(entry, "message") is { } message && LevelOf(Text(entry, "level")) is { } level
                ? new LogLine(level, Text(entry, "category"), Text(entry, "exception") is { } exception ? $"{message}{Environment.NewLine}{exception}" : message)
                : new LogLine(LogLevel.Information, null, line);
        }
        catch (JsonException)
        {
            return new LogLine(LogLevel.Information, null, line);
        }
    }

    private static string? Text(JsonDocument entry, string name) =>
        entry.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static LogLevel? LevelOf(string? name) => name switch
    {
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warn" or "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "fatal" => LogLevel.Critical,
        _ => null,
    };
}
