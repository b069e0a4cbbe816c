using System.Text.Json;
using DaprMesh.Testing;

namespace DaprMesh.State.Tests;

/// <summary>The events that a mesh's broker accepted.</summary>
internal static class Events
{
    /// <summary>Those of the entities whose id begins so, each once however often it was published, in the order of their first publishing.</summary>
    public static IReadOnlyList<Told> Of(Mesh mesh, string start) =>
    [
        .. mesh.Events.Published
            .Select(published => new Told(published.Topic, JsonSerializer.Deserialize<JsonElement>(published.Content.Body.Span)))
            .Where(told => told.Subject.StartsWith(start, StringComparison.Ordinal))
            .DistinctBy(told => told.Text("id")),
    ];
}

internal sealed record Told(string Topic, JsonElement Envelope)
{
    public string Subject => Text("subject");

    public long Version => Envelope.GetProperty("entityversion").GetInt64();

    public string Text(string name) => Envelope.GetProperty(name).GetString() ?? "";
}
