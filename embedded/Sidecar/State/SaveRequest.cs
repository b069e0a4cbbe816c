using System.Buffers;
using System.Text.Json;
using DaprMesh.Sidecar.Json;

namespace DaprMesh.Sidecar.State;

/// <summary>One item of a save, as it came.</summary>
internal sealed class SaveRequest
{
    private static readonly ReadOnlyMemory<byte> Null = "null"u8.ToArray();

    public string Key { get; private set; } = "";

    /// <summary>JSON in the form it is stored in.</summary>
    public ReadOnlyMemory<byte> Value { get; private set; } = Null;

    public string? ETag { get; private set; }

    public Dictionary<string, string>? Metadata { get; private set; }

    public string? Concurrency { get; private set; }

    public string? Consistency { get; private set; }

    /// <exception cref="JsonException">The body is not a list of items; the message is daprd's.</exception>
    public static List<SaveRequest> ReadAll(ReadOnlySpan<byte> body)
    {
        var items = new List<SaveRequest>(1);
        var decoder = new GoDecoder(body);
        if (decoder.Opens(JsonTokenType.StartArray, "Go value of type []state.SetRequest"))
        {
            while (decoder.NextElement())
            {
                var item = new SaveRequest();
                items.Add(item);
                if (decoder.Opens(JsonTokenType.StartObject, "Go value of type state.SetRequest"))
                {
                    item.ReadMembers(ref decoder);
                }
            }
        }

        decoder.Finish();
        return items;
    }

    private void ReadMembers(ref GoDecoder decoder)
    {
        const string Field = "Go struct field SetRequest.";
        while (decoder.NextMember(out var name))
        {
            switch (name.ToUpperInvariant())
            {
                case "KEY":
                    Key = decoder.String(Field + "key") ?? Key;
                    break;
                case "VALUE":
                    ReadValue(ref decoder);
                    break;
                case "ETAG":
                    ETag = decoder.String(Field + "etag");
                    break;
                case "METADATA":
                    Metadata = decoder.Map(Field + "metadata");
                    break;
                case "OPTIONS":
                    ReadOptions(ref decoder);
                    break;
                case "CONTENTTYPE":
                    _ = decoder.String(Field + "contentType");
                    break;
                default:
                    decoder.Skip();
                    break;
            }
        }
    }

    private void ReadValue(ref GoDecoder decoder)
    {
        var raw = decoder.Raw();
        var value = new ArrayBufferWriter<byte>(raw.Length);
        try
        {
            GoJson.Reencode(raw, value);
        }
        catch (GoNumberRangeException e)
        {
            decoder.Fault($"json: cannot unmarshal number {e.Number} into Go struct field SetRequest.value of type float64");
        }

        Value = value.WrittenMemory;
    }

    private void ReadOptions(ref GoDecoder decoder)
    {
        if (!decoder.Opens(JsonTokenType.StartObject, "Go struct field SetRequest.options of type state.SetStateOption"))
        {
            return;
        }

        while (decoder.NextMember(out var name))
        {
            switch (name.ToUpperInvariant())
            {
                case "CONCURRENCY":
                    Concurrency = decoder.String("Go struct field SetStateOption.options.concurrency");
                    break;
                case "CONSISTENCY":
                    Consistency = decoder.String("Go struct field SetStateOption.options.consistency");
                    break;
                default:
                    decoder.Skip();
                    break;
            }
        }
    }
}
