using System.Globalization;
using System.Text;
using System.Text.Json;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;

namespace DaprMesh.Auth.Events;

/// <summary>Events that are committed with what they tell of and wait to be published, as the CloudEvents that they will be.</summary>
internal static class Outbox
{
    /// <param name="subject">The account, or whatever else it is about: its events keep their order.</param>
    public static void Publish(this DbSession session, IEvent happened, string subject, DateTimeOffset now, string? traceParent = null)
    {
        var seq = session.Next("outbox");
        session.Execute(
            "INSERT INTO outbox (seq, topic, subject, envelope) VALUES (@seq, @topic, @subject, @envelope)",
            ("seq", seq), ("topic", Topic.Of(happened.GetType())), ("subject", subject), ("envelope", Envelope(happened, subject, seq, now, traceParent)));
    }

    public static List<WaitingEvent> WaitingEvents(this DbSession session, int limit) => session.Query(
        "SELECT seq, topic, subject, envelope FROM outbox ORDER BY seq LIMIT @limit",
        row => new WaitingEvent(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3)), ("limit", (long)limit));

    public static void RemoveEvents(this DbSession session, IEnumerable<WaitingEvent> published)
    {
        foreach (var one in published)
        {
            session.Execute("DELETE FROM outbox WHERE seq = @seq", ("seq", one.Seq));
        }
    }

    /// <summary>The version is the event's number among all of this service, so that it grows for every entity.</summary>
    private static string Envelope(IEvent happened, string subject, long seq, DateTimeOffset now, string? traceParent)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var topic = Topic.Of(happened.GetType());
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", Ids.New("evt", now));
            json.WriteString("type", topic);
            json.WriteString("source", AppIds.Auth);
            json.WriteString("subject", subject);
            json.WriteString("time", now.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("datacontenttype", "application/json");
            json.WriteNumber("entityversion", seq);
            if (traceParent is not null)
            {
                json.WriteString("traceparent", traceParent);
            }

            json.WritePropertyName("data");
            JsonSerializer.Serialize(json, happened, happened.GetType(), AuthJson.Default);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}

/// <summary>An event that is committed and not yet known to be published.</summary>
internal sealed record WaitingEvent(long Seq, string Topic, string Subject, string Envelope);
