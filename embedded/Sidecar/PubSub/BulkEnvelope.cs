using System.Buffers;
using System.Text;
using DaprMesh.Sidecar.PubSub.Json;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>A message on its way through a bulk delivery.</summary>
internal sealed class BulkItem(PubSubMessage message)
{
    public PubSubMessage Message { get; } = message;

    public string EntryId { get; } = Guid.NewGuid().ToString();

    public bool IsRaw { get; set; }

    public EventHeader Header { get; set; }

    /// <summary>Where the rules send it; null when it is not delivered.</summary>
    public string? Path { get; set; }

    /// <summary>Failed until somebody says otherwise.</summary>
    public DeliveryOutcome Outcome { get; set; } = DeliveryOutcome.Failed;
}

/// <summary>The body of a bulk delivery.</summary>
internal static class BulkEnvelope
{
    public static ReadOnlyMemory<byte> Write(string pubsub, string topic, IReadOnlyList<BulkItem> items)
    {
        var to = new ArrayBufferWriter<byte>(256 + items.Sum(item => item.Message.Data.Length + 160));
        to.Write("{\"entries\":"u8);
        var separator = "["u8;
        foreach (var item in items)
        {
            to.Write(separator);
            separator = ","u8;
            WriteEntry(to, item);
        }

        to.Write("],\"id\":"u8);
        GoJson.Write(to, Guid.NewGuid().ToString());
        to.Write(",\"metadata\":{\"pubsubName\":"u8);
        GoJson.Write(to, pubsub);
        to.Write("},\"pubsubname\":"u8);
        GoJson.Write(to, pubsub);
        to.Write(",\"topic\":"u8);
        GoJson.Write(to, topic);
        to.Write(",\"type\":\"com.dapr.event.sent.bulk\"}"u8);
        return to.WrittenMemory;
    }

    private static void WriteEntry(ArrayBufferWriter<byte> to, BulkItem item)
    {
        to.Write("{\"entryId\":"u8);
        GoJson.Write(to, item.EntryId);
        to.Write(",\"event\":"u8);
        if (item.IsRaw)
        {
            to.Write("\""u8);
            to.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(item.Message.Data.Span)));
            to.Write("\""u8);
        }
        else
        {
            to.Write(item.Message.Data.Span);
        }

        to.Write(",\"metadata\":"u8);
        WriteMetadata(to, item.Message.Metadata);
        to.Write(",\"contentType\":"u8);
        GoJson.Write(to, item.Message.ContentType ?? (item.IsRaw ? "application/octet-stream" : ContentTypes.CloudEvent));
        to.Write("}"u8);
    }

    private static void WriteMetadata(ArrayBufferWriter<byte> to, IReadOnlyDictionary<string, string> metadata)
    {
        if (ReferenceEquals(metadata, MessageMetadata.Absent))
        {
            to.Write("null"u8);
            return;
        }

        to.Write("{"u8);
        var first = true;
        foreach (var (name, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!first)
            {
                to.Write(","u8);
            }

            first = false;
            GoJson.Write(to, name);
            to.Write(":"u8);
            GoJson.Write(to, value);
        }

        to.Write("}"u8);
    }
}
