using System.Diagnostics;
using System.Text.Json;
using DaprMesh.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.ServiceDefaults.Tests;

public sealed class LogTests
{
    [Fact]
    public void An_entry_is_one_line_of_flat_JSON_with_the_trace_and_the_values_it_names()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

        var entry = Write(LogLevel.Warning, new InvalidOperationException("broken\nin two"), "Order {Order} of {level} waits", "ord_1", "gold");

        Assert.Equal("2026-01-01T00:00:00Z", entry.GetProperty("time").GetString());
        Assert.Equal(("warn", "shop", "Orders"), (Text("level"), Text("service"), Text("category")));
        Assert.Equal("Order ord_1 of gold waits", Text("message"));
        Assert.Equal("ord_1", Text("Order"));
        Assert.Equal((activity.TraceId.ToHexString(), activity.SpanId.ToHexString()), (Text("traceId"), Text("spanId")));
        Assert.Contains("in two", Text("exception"), StringComparison.Ordinal);

        string? Text(string name) => entry.GetProperty(name).GetString();
    }

    [Fact]
    public void What_a_value_contains_stays_in_its_place()
    {
        var entry = Write(LogLevel.Information, null, "Name {Name}", "a\"},\n{\"level\":\"error\"");

        Assert.Equal("info", entry.GetProperty("level").GetString());
        Assert.Equal("a\"},\n{\"level\":\"error\"", entry.GetProperty("Name").GetString());
    }

    private static JsonElement Write(LogLevel level, Exception? error, string message, params object[] values)
    {
        var formatter = new JsonLogFormatter(new ServiceName("shop"), new ManualTime());
        using var text = new StringWriter();
        var logger = new Capture((state, exception, format) =>
            formatter.Write(new LogEntry<object>(level, "Orders", default, state, exception, format), null, text));
#pragma warning disable CA2254 // The messages are the tests' own.
        logger.Log(level, error, message, values);
#pragma warning restore CA2254

        var line = text.ToString();
        Assert.Equal(1, line.Count(letter => letter == '\n'));
        return JsonDocument.Parse(line).RootElement;
    }

    private sealed class Capture(Action<object, Exception?, Func<object, Exception?, string>> write) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            write(state!, exception, (_, e) => formatter(state, e));
    }
}
