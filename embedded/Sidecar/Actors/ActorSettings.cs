using System.Text.Json;
using DaprMesh.Sidecar.Jobs;

namespace DaprMesh.Sidecar.Actors;

/// <summary>What the app's configuration says about one actor type; the defaults are Dapr's.</summary>
internal sealed record ActorSettings
{
    private static readonly ActorSettings Default = new();

    /// <summary>A drain as long as this would hold up the other hosts; daprd takes four fifths of it instead.</summary>
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(30);

    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>False: running turns are ended at once when the type's hosts change.</summary>
    public bool DrainRebalanced { get; init; } = true;

    public bool Reentrant { get; init; }

    public int MaxStackDepth { get; init; } = 32;

    /// <summary>The settings of each type in <c>entities</c>, in their order.</summary>
    public static IReadOnlyList<KeyValuePair<string, ActorSettings>> Read(JsonElement? appConfig)
    {
        if (appConfig is not { ValueKind: JsonValueKind.Object } config || Strings(config, "entities") is not { Count: > 0 } types)
        {
            return [];
        }

        var common = Default.With(config);
        var own = new Dictionary<string, ActorSettings>(StringComparer.Ordinal);
        if (config.TryGetProperty("entitiesConfig", out var entries) && entries.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in entries.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object))
            {
                // Idle timeout and reentrancy of a listed type do not fall back to the common ones; draining does.
                var settings = (Default with { DrainTimeout = common.DrainTimeout, DrainRebalanced = common.DrainRebalanced }).With(entry);
                foreach (var type in Strings(entry, "entities"))
                {
                    own[type] = settings;
                }
            }
        }

        return [.. types.Distinct(StringComparer.Ordinal).Select(type => KeyValuePair.Create(type, own.GetValueOrDefault(type, common)))];
    }

    private ActorSettings With(JsonElement config)
    {
        var settings = this with
        {
            IdleTimeout = Duration(config, "actorIdleTimeout") ?? IdleTimeout,
            DrainTimeout = Duration(config, "drainOngoingCallTimeout") is { } drain ? Clamp(drain) : DrainTimeout,
            DrainRebalanced = Flag(config, "drainRebalancedActors") ?? DrainRebalanced,
        };
        if (!config.TryGetProperty("reentrancy", out var reentrancy) || reentrancy.ValueKind != JsonValueKind.Object)
        {
            return settings;
        }

        return settings with
        {
            Reentrant = Flag(reentrancy, "enabled") ?? false,
            MaxStackDepth = reentrancy.TryGetProperty("maxStackDepth", out var depth) && depth.TryGetInt32(out var limit) ? limit : MaxStackDepth,
        };
    }

    private static TimeSpan Clamp(TimeSpan drain) => drain < LongestDrain ? drain : LongestDrain * 0.8;

    private static TimeSpan? Duration(JsonElement config, string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && GoDuration.TryParse(value.GetString()!, out var duration) ? duration : null;

    private static bool? Flag(JsonElement config, string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    private static List<string> Strings(JsonElement config, string name) =>
        config.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];
}
