using System.Text.Encodings.Web;
using System.Text.Json;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>How the sidecar writes JSON: compact, and nothing escaped that need not be.</summary>
internal static class JsonText
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON text with <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> escaped, as Go's encoder leaves them.</summary>
    public static byte[] HtmlSafe(string json) => System.Text.Encoding.UTF8.GetBytes(json
        .Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace(">", "\\u003e", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal));

    public static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
