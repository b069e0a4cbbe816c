using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Testing;

/// <summary>The log lines of all apps and sidecars of a mesh.</summary>
internal sealed class MeshLog(TimeProvider clock, Action<string>? output)
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILoggerProvider For(string name) => new Provider(this, name);

    private void Write(string name, LogLevel level, string category, string message, Exception? error)
    {
        var line = $"{clock.GetUtcNow():HH:mm:ss.fff} {name} {level} {category}: {message}{(error is null ? "" : Environment.NewLine + error)}";
        _lines.Enqueue(line);
        try
        {
            output?.Invoke(line);
        }
        catch (InvalidOperationException)
        {
            // A test's output takes no more lines once the test has ended.
        }
    }

    private sealed class Provider(MeshLog log, string name) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Logger(log, name, categoryName);

        public void Dispose()
        {
        }
    }

    private sealed class Logger(MeshLog log, string name, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(name, logLevel, category, formatter(state, exception), exception);
            }
        }
    }
}
