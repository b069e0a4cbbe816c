using System.Buffers;
using DaprMesh.Sidecar.Json;

namespace DaprMesh.Sidecar.Configurations;

/// <summary>Items as daprd writes them: members that are empty are left out.</summary>
internal static class ConfigurationJson
{
    public static ReadOnlyMemory<byte> Items(IReadOnlyDictionary<string, ConfigurationItem> items)
    {
        var output = new ArrayBufferWriter<byte>(128);
        GoJsonMap.Write(output, items, WriteItem);
        output.Write("\n"u8);
        return output.WrittenMemory;
    }

    /// <summary>What the app is told of one change.</summary>
    public static byte[] Update(string id, string key, ConfigurationItem? item)
    {
        var output = new ArrayBufferWriter<byte>(128);
        output.Write("{\"id\":"u8);
        GoJsonText.WriteString(output, id);
        output.Write(",\"items\":"u8);
        GoJsonMap.Write(output, [KeyValuePair.Create(key, item)], WriteItem);
        output.Write("}\n"u8);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteItem(IBufferWriter<byte> output, ConfigurationItem? item)
    {
        var separator = "{"u8;
        if (item?.Value is { Length: > 0 } value)
        {
            output.Write("{\"value\":"u8);
            GoJsonText.WriteString(output, value);
            separator = ","u8;
        }

        if (item?.Version is { Length: > 0 } version)
        {
            output.Write(separator);
            output.Write("\"version\":"u8);
            GoJsonText.WriteString(output, version);
            separator = ","u8;
        }

        if (item?.Metadata is { Count: > 0 } metadata)
        {
            output.Write(separator);
            output.Write("\"metadata\":"u8);
            GoJsonMap.Write(output, metadata, GoJsonText.WriteString);
            separator = ","u8;
        }

        output.Write(separator[0] == '{' ? "{}"u8 : "}"u8);
    }
}
