using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace DaprMesh.ServiceDefaults;

/// <summary>
/// One JSON object a line on stdout; plain text for a person at a terminal in Development, or as <c>Logging:Console:FormatterName</c> says.
/// </summary>
internal static class Logs
{
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(ServiceName.Of(builder));
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole().AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
        builder.Logging.Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.None); // the formatter asks the activity itself
        if (builder.Configuration["Logging:Console:FormatterName"] is not { Length: > 0 })
        {
            var isForPerson = builder.Environment.EnvironmentName == "Development" && !Console.IsOutputRedirected;
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = isForPerson ? ConsoleFormatterNames.Simple : JsonLogFormatter.FormatterName);
        }

        // At the front, so that the service's settings have the last word.
        builder.Services.Configure<LoggerFilterOptions>(filter =>
        {
            filter.Rules.Insert(0, new LoggerFilterRule(null, "Microsoft.AspNetCore", LogLevel.Warning, null));
            filter.Rules.Insert(0, new LoggerFilterRule(null, "System.Net.Http.HttpClient", LogLevel.Warning, null));
        });
    }
}
