using System.Buffers;
using System.Text.Json;
using DaprMesh.Sidecar.Json;

namespace DaprMesh.Sidecar.State;

/// <summary>The bodies of a bulk get.</summary>
internal static class BulkGet
{
    /// <exception cref="JsonException">The body is no bulk get request; the message is Go's.</exception>
    public static List<string> ReadKeys(ReadOnlySpan<byte> body)
    {
        const string Field = "Go struct field BulkGetRequest.";
        var keys = new List<string>();
        var decoder = new GoDecoder(body);
        if (decoder.Opens(JsonTokenType.StartObject, "Go value of type http.BulkGetRequest"))
        {
            while (decoder.NextMember(out var name))
            {
                switch (name.ToUpperInvariant())
                {
                    case "KEYS":
                        keys.Clear();
                        if (decoder.Opens(JsonTokenType.StartArray, Field + "keys of type []string"))
                        {
                            while (decoder.NextElement())
                            {
                                keys.Add(decoder.String(Field + "keys") ?? "");
                            }
                        }

                        break;
                    case "METADATA":
                        _ = decoder.Map(Field + "metadata");
                        break;
                    case "PARALLELISM":
                        _ = decoder.Integer(Field + "parallelism"); // one read answers all keys
                        break;
                    default:
                        decoder.Skip();
                        break;
                }
            }
        }

        decoder.Finish();
        return keys;
    }

    public static void Write(IBufferWriter<byte> output, List<string> keys, IReadOnlyList<StateItem?> items, IStateStore store)
    {
        var answered = new HashSet<string>(StringComparer.Ordinal);
        output.Write("["u8);
        for (var i = 0; i < keys.Count; i++)
        {
            output.Write(i == 0 ? "{\"key\":"u8 : ",{\"key\":"u8);
            var repeated = items[i] is not null && !answered.Add(keys[i]) && store.AnswersKeyOnce;
            GoJsonText.WriteString(output, repeated ? "" : keys[i]);
            if (items[i] is { } item && !repeated)
            {
                WriteItem(output, item, store.Settings);
            }

            output.Write("}"u8);
        }

        output.Write("]\n"u8);
    }

    private static void WriteItem(IBufferWriter<byte> output, StateItem item, StateSettings settings)
    {
        byte[] value;
        try
        {
            value = settings.Encryption?.Decrypt(item.Value, settings.StoreName) ?? item.Value;
        }
        catch (StateStoreException e)
        {
            output.Write(",\"error\":"u8);
            GoJsonText.WriteString(output, e.Message);
            return;
        }

        if (value.Length > 0)
        {
            output.Write(",\"data\":"u8);
            if (settings.Encryption is null)
            {
                output.Write(value);
            }
            else
            {
                GoJsonText.WriteString(output, value); // an encrypted value was stored as text, not as JSON
            }
        }

        output.Write(",\"etag\":"u8);
        GoJsonText.WriteString(output, item.ETag);
        if (item.Expires is { } expires)
        {
            output.Write(",\"metadata\":{\"ttlExpireTime\":"u8);
            GoJsonText.WriteString(output, StateApi.Rfc3339(expires));
            output.Write("}"u8);
        }
    }
}
