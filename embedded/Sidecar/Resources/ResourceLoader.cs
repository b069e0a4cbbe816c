using DaprMesh.Sidecar.Hosting;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Resources;

/// <summary>Reads everything a sidecar is configured by from its files.</summary>
public static class ResourceLoader
{
    private const string V1 = "dapr.io/v1alpha1";
    private const string V2 = "dapr.io/v2alpha1";

    /// <exception cref="ResourceException">The sidecar cannot start with these files; the message is daprd's.</exception>
    public static LoadedResources Load(SidecarOptions options, ILogger log) =>
        Load(ConfigurationReader.Read([.. options.ConfigFiles.Select(file => Rooted(options, file))], options.Environment), options, "failed to load components", log);

    /// <summary>Reads the resources of a running sidecar again; the configuration stays what it is.</summary>
    /// <exception cref="ResourceException">A name stands more than once among the components, or a folder is gone.</exception>
    internal static LoadedResources Reload(Configuration configuration, SidecarOptions options, ILogger log) =>
        Load(configuration, options, "failed to load resources from disk", log);

    internal static string Rooted(SidecarOptions options, string path) => options.WorkingDirectory is { } folder ? Path.Combine(folder, path) : path;

    private static LoadedResources Load(Configuration configuration, SidecarOptions options, string failure, ILogger log)
    {
        var components = new ScopedManifests<ComponentManifest>(options, component => LogName(component.Name, component.Type, component.Version));
        var endpoints = new ScopedManifests<HttpEndpointManifest>(options, endpoint => $"{endpoint.Name} ({endpoint.BaseUrl})");
        var subscriptions = new List<(string Name, Subscription Subscription)>();
        var resiliencies = new List<ResiliencySpec>();
        var mcpServers = new ScopedManifests<McpServerManifest>(options, server => server.Name);

        foreach (var manifest in new ResourceFiles(log).Read(options.ResourcesPaths.Select(path => Rooted(options, path))))
        {
            try
            {
                Add(manifest);
            }
            catch (ResourceFormatException e)
            {
                ResourceFiles.Skipped(log, e);
            }
        }

        return new(
            configuration,
            components.Complete(errors => throw new ResourceException($"{failure}: {errors}")),
            [.. subscriptions.Select(entry => entry.Subscription)],
            resiliencies,
            endpoints.Complete(errors => log.LogWarning("failed to load HTTP endpoints: {Errors}", errors)))
        {
            McpServers = mcpServers.Complete(errors => log.LogWarning("failed to load MCP servers: {Errors}", errors)),
        };

        void Add(Manifest manifest)
        {
            switch (manifest.Kind, manifest.ApiVersion)
            {
                case ("Component", V1):
                    components.Add(manifest, ManifestReader.ReadComponent);
                    break;
                case ("HTTPEndpoint", V1):
                    endpoints.Add(manifest, ManifestReader.ReadHttpEndpoint);
                    break;
                case ("Subscription", V1 or V2) when manifest.IsInScope(options.AppId):
                    var subscription = SubscriptionReader.Read(manifest);
                    // A later one of the same name takes the place of the earlier.
                    subscriptions.RemoveAll(existing => existing.Name == manifest.Name);
                    subscriptions.Add((manifest.Name, subscription));
                    break;
                case ("Resiliency", _) when manifest.IsInScope(options.AppId):
                    resiliencies.Add(ReadResiliency(manifest, log));
                    break;
                case ("Configuration", V1):
                    log.LogInformation("Configuration {Name} stands in a resources path; only the files of --config are used", manifest.Name);
                    break;
                case ("MCPServer", V1) when manifest.IsInScope(options.AppId):
                    mcpServers.Add(manifest, McpServerManifest.Read);
                    break;
            }
        }
    }

    /// <summary>How daprd names a component in messages.</summary>
    internal static string LogName(string name, string type, string version) => version.Length == 0 ? $"{name} ({type})" : $"{name} ({type}/{version})";

    private static ResiliencySpec ReadResiliency(Manifest manifest, ILogger log)
    {
        try
        {
            log.LogInformation("Loading Resiliency configuration: {Name}", manifest.Name);
            return ResiliencyReader.Read(manifest);
        }
        catch (ResourceFormatException e)
        {
            log.LogError("Could not read resiliency policy {Name}: {Problem}", manifest.Name, e.Message);
            return ResiliencySpec.Unusable(manifest.Name, manifest.Source, e.Message);
        }
    }
}
