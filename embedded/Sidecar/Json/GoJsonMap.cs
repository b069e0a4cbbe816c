using System.Buffers;

namespace DaprMesh.Sidecar.Json;

/// <summary>Maps of text as Go's encoder writes them: sorted, and with a line break at the end.</summary>
internal static class GoJsonMap
{
    public static ReadOnlyMemory<byte> Encode(IReadOnlyDictionary<string, string> map)
    {
        var output = new ArrayBufferWriter<byte>(64);
        Write(output, map, GoJsonText.WriteString);
        output.Write("\n"u8);
        return output.WrittenMemory;
    }

    public static void Write<T>(
        IBufferWriter<byte> output, IEnumerable<KeyValuePair<string, T>> map, Action<IBufferWriter<byte>, T> writeValue)
    {
        output.Write("{"u8);
        var first = true;
        foreach (var (name, value) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            GoJsonText.WriteString(output, name);
            output.Write(":"u8);
            writeValue(output, value);
        }

        output.Write("}"u8);
    }
}
