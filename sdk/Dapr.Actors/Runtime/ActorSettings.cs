using System.Buffers;
using System.Text.Json;

namespace Dapr.Actors.Runtime;

/// <summary>What the sidecar asks an app at its start: the hosted types and their settings.</summary>
internal static class ActorSettings
{
    public static void Write(ActorRuntimeOptions options, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        WriteEntities(writer, options.Actors);
        WriteSettings(writer, options);

        var withOwn = options.Actors.Where(actor => actor.TypeOptions is not null).ToList();
        if (withOwn.Count > 0)
        {
            writer.WriteStartArray("entitiesConfig"u8);
            foreach (var actor in withOwn)
            {
                writer.WriteStartObject();
                WriteEntities(writer, [actor]);
                WriteSettings(writer, actor.TypeOptions!); // those without were left out above
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteEntities(Utf8JsonWriter writer, IEnumerable<ActorRegistration> actors)
    {
        writer.WriteStartArray("entities"u8);
        foreach (var actor in actors)
            writer.WriteStringValue(actor.Type.ActorTypeName);
        writer.WriteEndArray();
    }

    private static void WriteSettings(Utf8JsonWriter writer, ActorRuntimeOptions options)
    {
        if (options.ActorIdleTimeout is { } idle)
            writer.WriteString("actorIdleTimeout"u8, DaprDuration.Format(idle));
        if (options.ActorScanInterval is { } scan)
            writer.WriteString("actorScanInterval"u8, DaprDuration.Format(scan));
        if (options.DrainOngoingCallTimeout is { } drain)
            writer.WriteString("drainOngoingCallTimeout"u8, DaprDuration.Format(drain));
        if (options.DrainRebalancedActors)
            writer.WriteBoolean("drainRebalancedActors"u8, true);
        if (options.RemindersStoragePartitions is { } partitions)
            writer.WriteNumber("remindersStoragePartitions"u8, partitions);
        writer.WriteStartObject("reentrancy"u8);
        writer.WriteBoolean("enabled"u8, options.ReentrancyConfig.Enabled);
        if (options.ReentrancyConfig.MaxStackDepth is { } depth)
            writer.WriteNumber("maxStackDepth"u8, depth);
        writer.WriteEndObject();
    }
}
