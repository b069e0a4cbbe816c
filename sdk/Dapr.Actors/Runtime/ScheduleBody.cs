using System.Globalization;
using System.Text.Json;
using Dapr.Actors.Communication;

namespace Dapr.Actors.Runtime;

/// <summary>Reminders and timers in the JSON of the sidecar, in both directions.</summary>
internal readonly record struct ScheduleBody(string Callback, byte[] Data, TimeSpan DueTime, TimeSpan Period)
{
    public static JsonBody Of(ActorReminder reminder) => JsonBody.Written(reminder, null, static (writer, reminder) =>
    {
        writer.WriteStartObject();
        writer.WriteString("dueTime"u8, DaprDuration.Format(reminder.DueTime));
        writer.WriteString("period"u8, DaprDuration.FormatPeriod(reminder.Period, reminder.Repetitions));
        writer.WriteBase64String("data"u8, reminder.State);
        if (reminder.Ttl is { } ttl)
            writer.WriteString("ttl"u8, DaprDuration.Format(ttl));
        writer.WriteEndObject();
    });

    public static JsonBody Of(ActorTimer timer) => JsonBody.Written(timer, null, static (writer, timer) =>
    {
        writer.WriteStartObject();
        writer.WriteString("dueTime"u8, DaprDuration.Format(timer.DueTime));
        if (timer.Period >= TimeSpan.Zero)
            writer.WriteString("period"u8, DaprDuration.Format(timer.Period));
        if (timer.Data is { } data)
            writer.WriteBase64String("data"u8, data);
        writer.WriteString("callback"u8, timer.TimerCallback);
        if (timer.Ttl is { } ttl)
            writer.WriteString("ttl"u8, DaprDuration.Format(ttl));
        writer.WriteEndObject();
    });

    public static ScheduleBody Read(ReadOnlyMemory<byte> json, TimeProvider clock)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new ScheduleBody(
            Text(root, "callback") ?? "",
            root.TryGetProperty("data", out var data) && data.ValueKind != JsonValueKind.Null ? data.GetBytesFromBase64() : [],
            DueIn(Text(root, "dueTime"), clock),
            Text(root, "period") is { } period ? DaprDuration.Parse(period) : TimeSpan.Zero);
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    // A reminder that others registered may name a point in time instead of a duration.
    private static TimeSpan DueIn(string? text, TimeProvider clock)
    {
        if (text is null)
            return TimeSpan.Zero;
        if (!text.Contains('-', StringComparison.Ordinal))
            return DaprDuration.Parse(text);
        var left = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - clock.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
