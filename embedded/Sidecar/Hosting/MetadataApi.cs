using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace DaprMesh.Sidecar.Hosting;

/// <summary><c>GET /v1.0/metadata</c> and <c>PUT /v1.0/metadata/{key}</c>.</summary>
internal sealed class MetadataApi(SidecarContext context, Func<IReadOnlyList<IBuildingBlock>> blocks) : IBuildingBlock
{
    private static readonly string[] DefaultFeatures = ["HotReload", "WorkflowsRemoteActivityReminder"];
    private readonly ConcurrentDictionary<string, string> _extended = new(StringComparer.Ordinal);

    public void Map(RouteTable routes)
    {
        routes.Map("GET", "v1.0/metadata", "metadata", GetAsync);
        routes.Map("PUT", "v1.0/metadata/{key}", "metadata", SetAsync);
    }

    private async Task GetAsync(ApiCall call)
    {
        await context.Reload.WaitAsync(call.Aborted);
        await call.JsonAsync(Build());
    }

    private async Task SetAsync(ApiCall call)
    {
        _extended[call["key"]] = Encoding.UTF8.GetString(await call.ReadBodyAsync());
        call.NoContent();
    }

    private JsonObject Build()
    {
        var options = context.Options;
        var metadata = new JsonObject { ["id"] = context.AppId, ["runtimeVersion"] = SidecarVersion.DaprVersion };
        var features = new JsonArray();
        foreach (var name in DefaultFeatures)
        {
            if (context.Configuration.IsEnabled(name))
            {
                features.Add(name);
            }
        }

        foreach (var (name, enabled) in context.Configuration.Features)
        {
            if (enabled && !DefaultFeatures.Contains(name))
            {
                features.Add(name);
            }
        }

        metadata["enabledFeatures"] = features;
        metadata["components"] = Components();
        var extended = new JsonObject();
        foreach (var (key, value) in _extended.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            extended[key] = value;
        }

        extended["daprRuntimeVersion"] = SidecarVersion.DaprVersion;
        metadata["extended"] = extended;
        if (context.Resources.HttpEndpoints.Count > 0)
        {
            metadata["httpEndpoints"] = new JsonArray([.. context.Resources.HttpEndpoints.Select(endpoint => new JsonObject { ["name"] = endpoint.Name })]);
        }

        if (context.Resources.McpServers.Where(server => server.Problem is null).ToList() is { Count: > 0 } servers)
        {
            metadata["mcpServers"] = new JsonArray([.. servers.Select(server => new JsonObject { ["name"] = server.Name })]);
        }

        metadata["appConnectionProperties"] = AppConnection(options);
        foreach (var block in blocks())
        {
            block.Describe(metadata);
        }

        if (context.Resources.Resiliencies.Count > 0)
        {
            metadata["resiliencies"] = new JsonArray([.. context.Resources.Resiliencies.Select(spec => new JsonObject { ["name"] = spec.Name })]);
        }

        if (metadata["components"] is JsonArray { Count: 0 })
        {
            metadata.Remove("components");
        }

        return metadata;
    }

    private JsonArray Components()
    {
        var components = new JsonArray();
        foreach (var component in context.Components.All)
        {
            var entry = new JsonObject { ["name"] = component.Name, ["type"] = component.Resource.Type };
            if (component.Resource.Version.Length > 0)
            {
                entry["version"] = component.Resource.Version;
            }

            if (component.Instance.Capabilities.Count > 0)
            {
                entry["capabilities"] = new JsonArray([.. component.Instance.Capabilities.Select(capability => (JsonNode)capability)]);
            }

            components.Add(entry);
        }

        return components;
    }

    private static JsonObject AppConnection(SidecarOptions options)
    {
        var connection = new JsonObject();
        if (options.AppPort > 0)
        {
            connection["port"] = options.AppPort;
        }

        connection["protocol"] = options.AppProtocol;
        connection["channelAddress"] = options.AppChannelAddress;
        if (options.AppMaxConcurrency > 0)
        {
            connection["maxConcurrency"] = options.AppMaxConcurrency;
        }

        if (options.EnableAppHealthCheck && options.AppPort > 0)
        {
            connection["health"] = new JsonObject
            {
                ["healthCheckPath"] = options.AppHealthCheckPath,
                ["healthProbeInterval"] = GoDuration(options.AppHealthProbeInterval),
                ["healthProbeTimeout"] = GoDuration(options.AppHealthProbeTimeout),
                ["healthThreshold"] = options.AppHealthThreshold,
            };
        }

        return connection;
    }

    /// <summary>Go's Duration.String for the round values that flags can hold: 500ms, 5s, 1m0s.</summary>
    private static string GoDuration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => $"{duration.TotalMilliseconds:0.###}ms",
        { TotalMinutes: < 1 } => $"{duration.TotalSeconds:0.###}s",
        { TotalHours: < 1 } => $"{duration.Minutes}m{duration.Seconds}s",
        _ => $"{(int)duration.TotalHours}h{duration.Minutes}m{duration.Seconds}s",
    };
}
