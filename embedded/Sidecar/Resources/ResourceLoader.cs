using DaprMesh.Sidecar.Hosting;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Resources;

/// <summary>Reads everything a sidecar is configured by from its files.</summary>
public static class ResourceLoader
{
    private const string V1 = "dapr.io/v1alpha1";
    private const string V2 = "dapr.io/v2alpha1";

    /// <exception cref="ResourceException">The sidecar cannot start with these files; the message is daprd's.</exception>
    public static LoadedResources Load(SidecarOptions options, ILogger log)
    {
        var configuration = ConfigurationReader.Read([.. options.ConfigFiles.Select(Rooted)], options.Environment);
        var components = new ScopedManifests<ComponentManifest>(options, component => LogName(component.Name, component.Type, component.Version));
        var endpoints = new ScopedManifests<HttpEndpointManifest>(options, endpoint => $"{endpoint.Name} ({endpoint.BaseUrl})");
        var subscriptions = new List<(string Name, Subscription Subscription)>();
        var resiliencies = new List<ResiliencySpec>();

        foreach (var manifest in new ResourceFiles(log).Read(options.ResourcesPaths.Select(Rooted)))
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
            components.Complete(errors => throw new ResourceException($"failed to load components: {errors}")),
            [.. subscriptions.Select(entry => entry.Subscription)],
            resiliencies,
            endpoints.Complete(errors => log.LogWarning("failed to load HTTP endpoints: {Errors}", errors)));

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
            }
        }

        string Rooted(string path) => options.WorkingDirectory is { } folder ? Path.Combine(folder, path) : path;
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
