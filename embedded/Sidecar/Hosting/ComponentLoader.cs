using DaprMesh.Sidecar.Resources;
using DaprMesh.Sidecar.Secrets;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>Creates and initialises the components, secret stores first, with daprd's messages for what goes wrong.</summary>
internal sealed class ComponentLoader(SidecarContext context)
{
    private readonly ILogger _log = context.Loggers.CreateLogger("dapr.runtime.processor");
    private readonly ComponentResolver _resolver = new(
        context.Options, (store, name, ct) => ReadSecretAsync(context, store, name, ct), context.Loggers.CreateLogger("dapr.runtime.meta"));

    /// <exception cref="SidecarStartException">A component without <c>ignoreErrors</c> failed.</exception>
    public async Task LoadAsync(CancellationToken ct)
    {
        await LoadAsync(context.Resources.Components, ct);
        await LoadEndpointsAsync(ct);
    }

    /// <summary>Secret stores first; among the rest the order of the files is kept.</summary>
    public async Task LoadAsync(IEnumerable<ComponentManifest> manifests, CancellationToken ct)
    {
        foreach (var manifest in manifests.OrderBy(manifest => IsSecretStore(manifest) ? 0 : 1))
        {
            await LoadAsync(manifest, ct);
        }
    }

    public async Task LoadEndpointsAsync(CancellationToken ct)
    {
        var endpoints = new List<HttpEndpointManifest>();
        foreach (var endpoint in context.Resources.HttpEndpoints)
        {
            endpoints.Add(await _resolver.ResolveAsync(endpoint, ct));
        }

        context.HttpEndpoints = endpoints;
    }

    private static async Task<IReadOnlyDictionary<string, string>?> ReadSecretAsync(
        SidecarContext context, string store, string name, CancellationToken ct)
    {
        if (!context.Components.TryGet<ISecretStore>(store, out var secrets))
        {
            return null;
        }

        try
        {
            return await secrets.GetAsync(name, new Dictionary<string, string>(), ct);
        }
        catch (SecretNotFoundException)
        {
            return null;
        }
    }

    private static bool IsSecretStore(ComponentManifest manifest) => manifest.Type.StartsWith("secretstores.", StringComparison.Ordinal);

    private async Task LoadAsync(ComponentManifest manifest, CancellationToken ct)
    {
        var identity = $"{manifest.Name} ({manifest.Type}/{(manifest.Version.Length > 0 ? manifest.Version : "v1")})";
        context.Metrics.ComponentLoaded();
        try
        {
            var type = Find(manifest, identity);
            var component = await _resolver.ResolveAsync(manifest, ct);
            var instance = type.Create(component, context);
            try
            {
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
                timeout.CancelAfter(manifest.InitTimeout);
                await instance.InitAsync(timeout.Token).WaitAsync(timeout.Token);
            }
            catch (Exception e) when (e is not SidecarStartException)
            {
                await instance.DisposeAsync();
                context.Metrics.ComponentInitFailed(Category(manifest.Type), "init", manifest.Name);
                var reason = e is OperationCanceledException && !ct.IsCancellationRequested
                    ? $"init timeout for component {manifest.Name} exceeded after {manifest.InitTimeout.TotalSeconds:0.###}s"
                    : e.Message;
                throw new SidecarStartException($"[INIT_COMPONENT_FAILURE]: initialization error occurred for {identity}: {reason}", e);
            }

            var loaded = new LoadedComponent(component, instance);
            context.Components.Add(context.Runtime.Interceptor is { } interceptor
                ? loaded with { Instance = interceptor.Component(context.AppId, loaded) }
                : loaded);
            context.Metrics.ComponentInitialized(Category(manifest.Type));
            _log.LogInformation("Component loaded: {Component}", identity);
        }
        catch (SidecarStartException e)
        {
            var message = e.Message.StartsWith("incorrect type", StringComparison.Ordinal)
                ? $"process component {manifest.Name} error: {e.Message}"
                : $"process component {manifest.Name} error: [INIT_COMPONENT_FAILURE]: initialization error occurred for {identity}: {e.Message}";
            _log.LogError("Failed to init component {Component}: {Reason}", identity, e.Message);
            if (!manifest.IgnoreErrors)
            {
                _log.LogWarning("Error processing component, daprd will exit gracefully: {Reason}", message);
                throw new SidecarStartException(message, e.InnerException);
            }

            _log.LogError("Ignoring error processing component: {Reason}", message);
        }
    }

    private ComponentType Find(ComponentManifest manifest, string identity)
    {
        var prefix = Category(manifest.Type);
        var noun = prefix switch
        {
            "state" => "state store",
            "pubsub" => "message bus",
            "secretstores" => "secret store",
            "bindings" => "binding",
            "configuration" => "configuration store",
            "lock" => "lock store",
            "middleware" => "HTTP middleware",
            _ => throw new SidecarStartException($"incorrect type {manifest.Type}"),
        };
        var version = manifest.Version.Length > 0 ? manifest.Version : "v1";
        if (ComponentTypes.All.TryGetValue(manifest.Type, out var type) && type.Versions.Contains(version))
        {
            return type;
        }

        context.Metrics.ComponentInitFailed(prefix, "creation", manifest.Name);
        throw new SidecarStartException(
            $"[CREATE_COMPONENT_FAILURE]: initialization error occurred for {identity}: couldn't find {noun} {manifest.Type}/{version}");
    }

    private static string Category(string type) => type.Split('.', 2)[0];
}
