using System.Text.Json.Nodes;

namespace DaprMesh.Golden.Tests.Facts;

internal static class FileFacts
{
    public static JsonObject Contents(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => KeyValuePair.Create(Path.GetFileName(file), (JsonNode?)File.ReadAllText(file)));
        return new JsonObject(files);
    }

    public static IEnumerable<string> Databases(string folder) => Directory.EnumerateFiles(folder, "*.db")
        .Select(file => Path.GetFileName(file))
        .Where(file => file != "names.db")
        .Order(StringComparer.Ordinal);
}
