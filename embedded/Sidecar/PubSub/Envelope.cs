using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DaprMesh.Sidecar.PubSub.Json;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>Where an event goes and comes from; the same for every event of a request.</summary>
internal sealed record EventOrigin(string AppId, string Pubsub, string Topic, bool HasNativeTtl, TimeProvider Clock);

/// <summary>Builds the CloudEvents that travel through a broker, as bytes with sorted members.</summary>
internal static class Envelope
{
    private const string DefaultType = "com.dapr.event.sent";
    private const string DefaultSource = "Dapr";

    /// <summary>The event around a publisher's data.</summary>
    public static ReadOnlyMemory<byte> Wrap(
        EventOrigin origin, ReadOnlySpan<byte> data, string? contentType, IReadOnlyDictionary<string, string> metadata, TraceFields trace)
    {
        var type = string.IsNullOrEmpty(contentType) ? "text/plain" : contentType;
        var traceId = NonEmpty(MessageMetadata.Find(metadata, "cloudevent.traceparent"))
            ?? NonEmpty(MessageMetadata.Find(metadata, "cloudevent.traceid")) ?? trace.Parent;
        var to = new ArrayBufferWriter<byte>(data.Length + 512);
        to.Write("{"u8);
        WriteData(to, data, type);
        Member(to, ",\"datacontenttype\":"u8, type);
        if (Expiration(origin, metadata) is { } expiration)
        {
            Member(to, ",\"expiration\":"u8, expiration);
        }

        Member(to, ",\"id\":"u8, NonEmpty(MessageMetadata.Find(metadata, "cloudevent.id")) ?? Guid.NewGuid().ToString());
        Member(to, ",\"pubsubname\":"u8, origin.Pubsub);
        Member(to, ",\"source\":"u8, NonEmpty(MessageMetadata.Find(metadata, "cloudevent.source")) ?? NonEmpty(origin.AppId) ?? DefaultSource);
        to.Write(",\"specversion\":\"1.0\""u8);
        if (NonEmpty(MessageMetadata.Find(metadata, "cloudevent.subject")) is { } subject)
        {
            Member(to, ",\"subject\":"u8, subject);
        }

        Member(to, ",\"time\":"u8, Time(origin.Clock.GetLocalNow()));
        Member(to, ",\"topic\":"u8, origin.Topic);
        Member(to, ",\"traceid\":"u8, traceId);
        Member(to, ",\"traceparent\":"u8, traceId);
        Member(to, ",\"tracestate\":"u8, NonEmpty(MessageMetadata.Find(metadata, "cloudevent.tracestate")) ?? trace.State);
        Member(to, ",\"type\":"u8, NonEmpty(MessageMetadata.Find(metadata, "cloudevent.type")) ?? DefaultType);
        to.Write("}"u8);
        return to.WrittenMemory;
    }

    /// <summary>A publisher's own CloudEvent with what it lacks; topic and pubsub name are always ours.</summary>
    /// <exception cref="FormatException">The text is no JSON object; the message is Go's.</exception>
    public static ReadOnlyMemory<byte> Complete(
        EventOrigin origin, ReadOnlySpan<byte> cloudEvent, IReadOnlyDictionary<string, string> metadata, TraceFields trace)
    {
        if (!GoJson.TryParse(cloudEvent, out var given))
        {
            throw new FormatException(DaprMesh.Sidecar.Json.GoJsonError.Explain(cloudEvent));
        }

        if (given.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            throw new FormatException($"json: cannot unmarshal {GoTypes.Name(given.ValueKind)} into Go value of type map[string]interface {{}}");
        }

        var members = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var member in given.ValueKind == JsonValueKind.Null ? [] : given.EnumerateObject().ToArray())
        {
            members[member.Name] = member.Value;
        }

        members.TryAdd("time", Time(origin.Clock.GetLocalNow()));
        if (members.TryAdd("traceid", trace.Parent))
        {
            members["traceparent"] = trace.Parent;
        }

        members.TryAdd("tracestate", trace.State);
        members["topic"] = origin.Topic;
        members["pubsubname"] = origin.Pubsub;
        Default(members, "source", DefaultSource);
        Default(members, "type", DefaultType);
        Default(members, "specversion", "1.0");
        if (Expiration(origin, metadata) is { } expiration)
        {
            members["expiration"] = expiration;
        }

        var to = new ArrayBufferWriter<byte>(cloudEvent.Length + 256);
        var separator = "{"u8;
        foreach (var (name, value) in members)
        {
            to.Write(separator);
            separator = ","u8;
            GoJson.Write(to, name);
            to.Write(":"u8);
            if (value is JsonElement element)
            {
                GoJson.Write(to, element);
            }
            else
            {
                GoJson.Write(to, (string)value);
            }
        }

        to.Write("}"u8);
        return to.WrittenMemory;
    }

    /// <summary>The event a subscriber gets for bytes of unknown kind.</summary>
    public static ReadOnlyMemory<byte> FromRaw(string pubsub, string topic, ReadOnlySpan<byte> data)
    {
        var to = new ArrayBufferWriter<byte>((data.Length * 4 / 3) + 256);
        to.Write("{"u8);
        WriteBase64(to, data);
        to.Write(",\"datacontenttype\":\"application/octet-stream\""u8);
        Member(to, ",\"id\":"u8, Guid.NewGuid().ToString());
        Member(to, ",\"pubsubname\":"u8, pubsub);
        to.Write(",\"source\":\"Dapr\",\"specversion\":\"1.0\""u8);
        Member(to, ",\"topic\":"u8, topic);
        to.Write(",\"type\":\"com.dapr.event.sent\"}"u8);
        return to.WrittenMemory;
    }

    private static void WriteData(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> data, string contentType)
    {
        if (ContentTypes.IsBinary(contentType))
        {
            WriteBase64(to, data);
            return;
        }

        to.Write("\"data\":"u8);
        if (ContentTypes.IsJson(contentType) && GoJson.TryParse(data, out var value))
        {
            GoJson.Write(to, value);
        }
        else
        {
            GoJson.Write(to, Encoding.UTF8.GetString(data));
        }
    }

    private static void WriteBase64(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> data)
    {
        to.Write("\"data_base64\":\""u8);
        Base64.EncodeToUtf8(data, to.GetSpan(Base64.GetMaxEncodedToUtf8Length(data.Length)), out _, out var written);
        to.Advance(written);
        to.Write("\""u8);
    }

    /// <summary>Brokers that know no time to live leave it to the envelope.</summary>
    private static string? Expiration(EventOrigin origin, IReadOnlyDictionary<string, string> metadata) =>
        !origin.HasNativeTtl && MessageMetadata.Ttl(metadata) is { } ttl ? Time(origin.Clock.GetUtcNow() + ttl) : null;

    private static string Time(DateTimeOffset time) => time.Offset == TimeSpan.Zero
        ? time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static void Default(SortedDictionary<string, object> members, string name, string value)
    {
        if (!members.TryGetValue(name, out var given) || given is JsonElement { ValueKind: JsonValueKind.Null })
        {
            members[name] = value;
        }
    }

    private static void Member(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> name, string value)
    {
        to.Write(name);
        GoJson.Write(to, value);
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
