using System.Text;
using System.Text.Json.Nodes;

namespace DaprMesh.Golden.Tests.Recording;

/// <summary>A body as recorded: text (perhaps JSON), base64, or for large ones a recipe and a digest.</summary>
internal sealed record RecordedBody(
    JsonNode? Json, string? Text, string? Base64, long? Length, string? Sha256, JsonArray? Parts, string? SortedBy)
{
    /// <summary>The bytes to send; <paramref name="expand"/> fills in the placeholders.</summary>
    public byte[] ToBytes(Func<string, string> expand)
    {
        if (Base64 is not null)
            return Convert.FromBase64String(Base64);
        if (Parts is null)
            return Encoding.UTF8.GetBytes(expand(Text ?? ""));

        var middle = new string(Parts[1]!.GetValue<string>()[0], Parts[2]!.GetValue<int>());
        return Encoding.UTF8.GetBytes(Parts[0]!.GetValue<string>() + middle + Parts[3]!.GetValue<string>());
    }
}
