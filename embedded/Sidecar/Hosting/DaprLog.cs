using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>Log lines in daprd's two forms: <c>time="…" level=info msg="…" app_id=… scope=…</c>, or one JSON object a line.</summary>
public static class DaprLog
{
    public static ILoggerFactory Create(SidecarOptions options, TextWriter output)
    {
        var level = options.LogLevel.ToUpperInvariant() switch
        {
            "DEBUG" => LogLevel.Debug,
            "WARN" or "WARNING" => LogLevel.Warning,
            "ERROR" => LogLevel.Error,
            "FATAL" => LogLevel.Critical,
            _ => LogLevel.Information,
        };
        return LoggerFactory.Create(builder => builder
            .SetMinimumLevel(level)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddProvider(new Provider(options, TextWriter.Synchronized(output))));
    }

    private sealed class Provider(SidecarOptions options, TextWriter output) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Logger(options, output, categoryName);

        public void Dispose()
        {
        }
    }

    private sealed class Logger(SidecarOptions options, TextWriter output, string scope) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var message = formatter(state, exception);
            if (exception is not null)
            {
                message += ": " + exception.Message;
            }

            var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
            output.WriteLine(options.LogAsJson ? Json(time, logLevel, message) : Text(time, logLevel, message));
            if (exception is not null && logLevel >= LogLevel.Error)
            {
                output.WriteLine(exception.ToString());
            }
        }

        private static string Name(LogLevel level) => level switch
        {
            LogLevel.Trace or LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            LogLevel.Error => "error",
            _ => "fatal",
        };

        private string Text(string time, LogLevel level, string message) =>
            $"time=\"{time}\" level={Name(level)} msg={Quote(message)} app_id={options.AppId} scope={scope} type=log ver={SidecarVersion.DaprVersion}";

        private string Json(string time, LogLevel level, string message) => JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                ["app_id"] = options.AppId,
                ["level"] = Name(level),
                ["msg"] = message,
                ["scope"] = scope,
                ["time"] = time,
                ["type"] = "log",
                ["ver"] = SidecarVersion.DaprVersion,
            },
            JsonText.Options);

        private static string Quote(string message)
        {
            var quoted = new StringBuilder("\"");
            foreach (var c in message)
            {
                _ = c switch
                {
                    '"' => quoted.Append("\\\""),
                    '\\' => quoted.Append("\\\\"),
                    '\n' => quoted.Append("\\n"),
                    '\r' => quoted.Append("\\r"),
                    _ => quoted.Append(c),
                };
            }

            return quoted.Append('"').ToString();
        }
    }
}
