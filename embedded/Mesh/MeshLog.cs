using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Launcher;

/// <summary>The mesh's one log: each line with the service it comes from, in colour on a terminal, or one JSON object a line.</summary>
internal sealed class MeshLog(TextWriter output, bool json, bool colour)
{
    /// <summary>What hosts say of their start and end; the launcher says what runs and where.</summary>
    private const string Lifetime = "Microsoft.Hosting.Lifetime";

    private const int Remembered = 20;
    private const string NoticeMark = "notice: ";
    private static readonly string[] Colours = ["\e[36m", "\e[32m", "\e[35m", "\e[33m", "\e[34m", "\e[96m", "\e[92m", "\e[95m", "\e[93m", "\e[94m"];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<string>> _last = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<string> _notices = [];
    private bool _isStarted;

    /// <summary>Loggers whose lines carry the service's name.</summary>
    public ILoggerProvider For(string service) => new Provider(this, service);

    public ILoggerFactory FactoryFor(string service, LogLevel level) => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(level)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddProvider(For(service)));

    /// <summary>The last lines of a service, oldest first.</summary>
    public IReadOnlyList<string> LastLines(string service)
    {
        lock (_gate)
        {
            return _last.TryGetValue(service, out var lines) ? [.. lines] : [];
        }
    }

    /// <summary>A line that a process wrote itself. What begins with <c>notice:</c> is for the person at the console.</summary>
    public void Raw(string service, string line)
    {
        if (json || !line.StartsWith(NoticeMark, StringComparison.Ordinal))
        {
            var entry = LogLine.Read(line);
            if (entry.Category != Lifetime)
            {
                Write(service, entry.Level, entry.Category, entry.Message);
            }

            return;
        }

        lock (_gate)
        {
            _notices.Add(line[NoticeMark.Length..]);
        }

        if (_isStarted)
        {
            ShowNotices();
        }
    }

    /// <summary>Shows what the apps had to say to the person at the console, now and from now on; before, the log of the start would bury it.</summary>
    public void ShowNotices()
    {
        lock (_gate)
        {
            _isStarted = true;
            foreach (var notice in _notices)
            {
                output.WriteLine("  " + notice);
            }

            _notices.Clear();
        }
    }

    /// <summary>Text for the person at the console, without a prefix; left out of a JSON log.</summary>
    public void Say(string text)
    {
        if (!json)
        {
            lock (_gate)
            {
                output.WriteLine(text);
            }
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    private void Write(string service, LogLevel level, string? category, string message)
    {
        var time = TimeProvider.System.GetLocalNow();
        var line = json ? Json(time, service, level, category, message) : null;
        lock (_gate)
        {
            if (!_last.TryGetValue(service, out var lines))
            {
                _last[service] = lines = new();
                _names.Add(service);
            }

            if (!message.AsSpan().TrimStart().StartsWith("at ", StringComparison.Ordinal))
            {
                lines.Enqueue(message); // frames of a stack are in the log; the last lines are to say what happened
            }

            if (lines.Count > Remembered)
            {
                lines.Dequeue();
            }

            output.WriteLine(line ?? Text(time, service, level, message));
        }
    }

    private static string Json(DateTimeOffset time, string service, LogLevel level, string? category, string message)
    {
        var entry = new Dictionary<string, string>
        {
            ["time"] = time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["service"] = service,
            ["level"] = Name(level),
            ["message"] = message,
        };
        if (category is not null)
        {
            entry["category"] = category;
        }

        return JsonSerializer.Serialize(entry);
    }

    private string Text(DateTimeOffset time, string service, LogLevel level, string message)
    {
        var clock = time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var name = service.PadRight(14);
        var severity = Name(level).PadRight(5);
        if (!colour)
        {
            return $"{clock} {name} {severity} {message}";
        }

        var shade = Colours[_names.IndexOf(service.Split('/')[0]) is >= 0 and var index ? index % Colours.Length : 0];
        var mark = level >= LogLevel.Error ? "\e[31m" : level == LogLevel.Warning ? "\e[33m" : "\e[2m";
        return $"\e[2m{clock}\e[0m {shade}{name}\e[0m {mark}{severity}\e[0m {message}";
    }

    private sealed class Provider(MeshLog log, string service) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Logger(log, service, categoryName);

        public void Dispose()
        {
        }
    }

    private sealed class Logger(MeshLog log, string service, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (category == Lifetime)
            {
                return;
            }

            var message = formatter(state, exception);
            log.Write(service, logLevel, category, exception is null ? message : $"{message}{Environment.NewLine}{exception}");
        }
    }
}
