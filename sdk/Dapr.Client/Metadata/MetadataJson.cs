using System.Text.Json;

namespace Dapr.Client;

/// <summary>Reads the sidecar's metadata; empty members are left out by it.</summary>
internal static class MetadataJson
{
    public static DaprMetadata Read(JsonElement root)
    {
        // Newer sidecars list the actors under actorRuntime, older ones at the top.
        var actors = root.TryGetProperty("actorRuntime"u8, out var runtime) && runtime.TryGetProperty("activeActors"u8, out var active) ? active
            : root.TryGetProperty("actors"u8, out var listed) ? listed
            : default;
        return new DaprMetadata(
            Text(root, "id"),
            List(actors, actor => new DaprActorMetadata(Text(actor, "type"), actor.TryGetProperty("count"u8, out var count) ? count.GetInt32() : 0)),
            root.TryGetProperty("extended"u8, out var extended)
                ? extended.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString())
                : new Dictionary<string, string>(),
            List(root.TryGetProperty("components"u8, out var components) ? components : default, component => new DaprComponentsMetadata(
                Text(component, "name"),
                Text(component, "type"),
                Text(component, "version"),
                List(component.TryGetProperty("capabilities"u8, out var capabilities) ? capabilities : default, c => c.ToString()))));
    }

    private static T[] List<T>(JsonElement list, Func<JsonElement, T> read) =>
        list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(read)] : [];

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.ToString() : "";
}
