namespace Dapr.Client;

/// <summary>What the sidecar tells about itself.</summary>
public sealed class DaprMetadata
{
    public DaprMetadata(
        string id,
        IReadOnlyList<DaprActorMetadata> actors,
        IReadOnlyDictionary<string, string> extended,
        IReadOnlyList<DaprComponentsMetadata> components)
    {
        Id = id;
        Actors = actors;
        Extended = extended;
        Components = components;
    }

    public string Id { get; }

    public IReadOnlyList<DaprActorMetadata> Actors { get; }

    public IReadOnlyDictionary<string, string> Extended { get; }

    public IReadOnlyList<DaprComponentsMetadata> Components { get; }
}

/// <summary>An actor type and how many of it are active.</summary>
public sealed class DaprActorMetadata
{
    public DaprActorMetadata(string type, int count)
    {
        Type = type;
        Count = count;
    }

    public string Type { get; }

    public int Count { get; }
}

/// <summary>A component that the sidecar loaded.</summary>
public sealed class DaprComponentsMetadata
{
    public DaprComponentsMetadata(string name, string type, string version, string[] capabilities)
    {
        Name = name;
        Type = type;
        Version = version;
        Capabilities = capabilities;
    }

    public string Name { get; }

    public string Type { get; }

    public string Version { get; }

    public string[] Capabilities { get; }
}
