using System.Text.Encodings.Web;
using System.Text.Json;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>How the sidecar writes JSON: compact, and nothing escaped that need not be.</summary>
internal static class JsonText
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
