using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using DaprMesh.Sidecar.PubSub.Json;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>One entry of a bulk publish request, its event as the bytes its content type stands for.</summary>
internal sealed record BulkEntry(string EntryId, ReadOnlyMemory<byte> Data, string ContentType, IReadOnlyDictionary<string, string> Metadata)
{
    private const string Mismatch = "error: mismatch between contentType and event";

    /// <exception cref="BulkEntryException">The body is not what the API takes.</exception>
    public static IReadOnlyList<BulkEntry> ReadAll(byte[] body, IReadOnlyDictionary<string, string> requestMetadata)
    {
        if (!GoJson.TryParse(body, out var list))
        {
            throw new BulkEntryException(BulkEntryFault.NotReadable, DaprMesh.Sidecar.Json.GoJsonError.Explain(body));
        }

        if (list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw NotReadable(list.ValueKind, "[]http.bulkPublishMessageEntry");
        }

        // The whole list has to be readable before any entry is looked at.
        var fields = list.EnumerateArray().Select(Fields.Read).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<BulkEntry>();
        foreach (var entry in fields)
        {
            var data = Bytes(entry.Event, entry.ContentType);
            if (entry.EntryId.Length == 0 || !seen.Add(entry.EntryId))
            {
                throw new BulkEntryException(BulkEntryFault.EntryId, "entryId is duplicated or not present for entry");
            }

            entries.Add(new BulkEntry(entry.EntryId, data, entry.ContentType, Merge(requestMetadata, entry.Metadata)));
        }

        return entries;
    }

    /// <summary>Request metadata reaches only entries that have metadata of their own, be it empty.</summary>
    private static IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> request, Dictionary<string, string>? entry)
    {
        if (entry is null)
        {
            return MessageMetadata.Absent;
        }

        foreach (var (name, value) in request)
        {
            entry.TryAdd(name, value);
        }

        return entry;
    }

    private static ReadOnlyMemory<byte> Bytes(JsonElement? value, string contentType)
    {
        var isText = value is { ValueKind: JsonValueKind.String };
        if (ContentTypes.IsOctetStream(contentType) && isText)
        {
            return Decode(GoJson.Text(value!.Value)); // a string, so not null
        }

        if (ContentTypes.IsText(contentType) && isText)
        {
            return Encoding.UTF8.GetBytes(GoJson.Text(value!.Value)); // a string, so not null
        }

        if (!ContentTypes.IsJson(contentType) && !ContentTypes.IsCloudEvent(contentType))
        {
            throw new BulkEntryException(BulkEntryFault.ContentType, Mismatch);
        }

        var to = new ArrayBufferWriter<byte>();
        if (value is { } element)
        {
            GoJson.Write(to, element);
        }
        else
        {
            to.Write("null"u8);
        }

        return to.WrittenMemory;
    }

    private static byte[] Decode(string base64)
    {
        var compact = base64.ReplaceLineEndings("");
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(compact.Length)];
        var status = Base64.DecodeFromUtf8(Encoding.UTF8.GetBytes(compact), bytes, out var consumed, out var written);
        return status == OperationStatus.Done
            ? bytes[..written]
            : throw new BulkEntryException(
                BulkEntryFault.ContentType,
                $"error: unable to decode base64 application/octect-stream data: illegal base64 data at input byte {consumed}");
    }

    private static BulkEntryException NotReadable(JsonValueKind kind, string type) =>
        new(BulkEntryFault.NotReadable, $"json: cannot unmarshal {GoTypes.Name(kind)} into Go value of type {type}");

    private sealed record Fields(string EntryId, JsonElement? Event, string ContentType, Dictionary<string, string>? Metadata)
    {
        public static Fields Read(JsonElement entry)
        {
            if (entry.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            {
                throw NotReadable(entry.ValueKind, "http.bulkPublishMessageEntry");
            }

            var (id, type) = ("", "");
            JsonElement? value = null;
            Dictionary<string, string>? metadata = null;
            foreach (var member in entry.ValueKind == JsonValueKind.Null ? [] : entry.EnumerateObject().ToArray())
            {
                switch (member.Name.ToUpperInvariant())
                {
                    case "ENTRYID":
                        id = Text(member, "entryId");
                        break;
                    case "CONTENTTYPE":
                        type = Text(member, "contentType");
                        break;
                    case "EVENT":
                        value = member.Value;
                        break;
                    case "METADATA" when member.Value.ValueKind == JsonValueKind.Object:
                        metadata ??= new(StringComparer.Ordinal);
                        foreach (var item in member.Value.EnumerateObject())
                        {
                            metadata[item.Name] = Text(item, "metadata");
                        }

                        break;
                    case "METADATA" when member.Value.ValueKind != JsonValueKind.Null:
                        throw Misfit(member.Value.ValueKind, "metadata", "map[string]string");
                    default:
                        break;
                }
            }

            return new Fields(id, value, type, metadata);
        }

        private static string Text(JsonProperty member, string field) => member.Value.ValueKind switch
        {
            JsonValueKind.String => GoJson.Text(member.Value),
            JsonValueKind.Null => "",
            var kind => throw Misfit(kind, field, "string"),
        };

        private static BulkEntryException Misfit(JsonValueKind kind, string field, string type) => new(
            BulkEntryFault.NotReadable,
            $"json: cannot unmarshal {GoTypes.Name(kind)} into Go struct field bulkPublishMessageEntry.{field} of type {type}");
    }
}

internal enum BulkEntryFault
{
    NotReadable,
    ContentType,
    EntryId,
}

internal sealed class BulkEntryException(BulkEntryFault fault, string message) : Exception(message)
{
    public BulkEntryFault Fault { get; } = fault;
}
