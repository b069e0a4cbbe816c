using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DaprMesh.State.Indexes;

namespace DaprMesh.State.Commits;

/// <summary>What all parts of one store share.</summary>
internal sealed record StoreContext<T>(
    string Prefix, int Shards, IReadOnlyList<IndexDefinition<T>> Indexes, StateTable Table, JsonSerializerOptions Json, TimeProvider Clock) where T : class
{
    public JsonTypeInfo<T> Type { get; } = (JsonTypeInfo<T>)Json.GetTypeInfo(typeof(T));

    public string DocumentKey(string id) => $"{Prefix}:{id}";

    public string OnceKey(string key) => $"{Prefix}.once:{key}";

    /// <summary>The root of what an index lists under a value in one shard.</summary>
    public string IndexKey(string index, string value, int shard) => $"{Prefix}.{index}:{shard}:{Uri.EscapeDataString(value)}";

    /// <summary>FNV-1a: the same in every process and version, as shards outlive both.</summary>
    public int ShardOf(string id)
    {
        var hash = 2166136261u;
        foreach (var c in id)
        {
            hash = unchecked((hash ^ c) * 16777619u);
        }

        return (int)(hash % (uint)Shards);
    }
}
