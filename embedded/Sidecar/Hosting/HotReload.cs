using System.Text.Json;
using DaprMesh.Sidecar.Resiliency;
using DaprMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>
/// Brings a running sidecar in line with its resource files when they change: components, subscriptions, resiliency, HTTP endpoints.
/// The feature <c>HotReload</c> of the Configuration switches it off.
/// </summary>
internal sealed class HotReload(SidecarContext context, ComponentLoader loader, ResourceWatch watch, IReadOnlyList<IBuildingBlock> blocks)
{
    private readonly ILogger _log = context.Loggers.CreateLogger("dapr.runtime.hotreload");

    public static bool IsOn(SidecarContext context) =>
        context.Options.ResourcesPaths.Count > 0 && context.Configuration.IsEnabled("HotReload");

    /// <summary>Runs until the sidecar stops.</summary>
    /// <exception cref="SidecarStartException">The sidecar cannot go on with the files as they are now.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await watch.ChangedAsync(ct);
                await TurnAsync(ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The sidecar stops.
        }
    }

    /// <summary>A folder that cannot be read now may be read at the next change; only what the files say can end the sidecar.</summary>
    private async Task TurnAsync(CancellationToken ct)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Reload = done.Task;
        try
        {
            await ReloadAsync(ct);
        }
#pragma warning disable CA1031 // Whatever went wrong in a component, the sidecar goes on with what it has.
        catch (Exception e) when (e is not SidecarStartException && !ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _log.LogError(e, "The changed resources could not be taken over");
        }
        finally
        {
            done.SetResult();
        }
    }

    private async Task ReloadAsync(CancellationToken ct)
    {
        LoadedResources resources;
        try
        {
            resources = ResourceLoader.Reload(context.Configuration, context.Options, _log);
        }
        catch (ResourceException e)
        {
            throw new SidecarStartException(e.Message, e);
        }

        var before = context.Resources;
        resources = resources with { Components = KeepActorState(before.Components, resources.Components) };
        var kept = before.Components.Select(Text).ToHashSet(StringComparer.Ordinal);
        kept.IntersectWith(resources.Components.Select(Text));
        var closing = before.Components.Where(manifest => !kept.Contains(Text(manifest)))
            .Select(manifest => context.Components.Find(manifest.Name)).OfType<LoadedComponent>().ToList();
        var opening = resources.Components.Where(manifest => !kept.Contains(Text(manifest))).ToList();
        var change = new ResourceChange(closing, [], Text(before.Subscriptions) != Text(resources.Subscriptions));

        context.Resources = resources;
        if (Text(before.Resiliencies) != Text(resources.Resiliencies))
        {
            context.Resiliency = new ResiliencyPolicies(resources.Resiliencies, context.Clock, context.Loggers, context.Metrics);
        }

        CheckMcpServers(resources.McpServers);
        await ReplaceAsync(change, opening, ct);
    }

    private async Task ReplaceAsync(ResourceChange change, List<ComponentManifest> opening, CancellationToken ct)
    {
        foreach (var block in blocks)
        {
            await block.BeforeReloadAsync(change, ct);
        }

        foreach (var component in change.Closing)
        {
            context.Components.Remove(component);
            await component.Instance.DisposeAsync();
            _log.LogInformation("Component closed: {Component}", Identity(component.Name, component.Resource.Type, component.Resource.Version));
        }

        await loader.LoadAsync(opening, ct);
        await loader.LoadEndpointsAsync(ct);
        var opened = opening.Select(manifest => context.Components.Find(manifest.Name)).OfType<LoadedComponent>().ToList();
        foreach (var block in blocks)
        {
            await block.AfterReloadAsync(change with { Opened = opened }, ct);
        }
    }

    /// <summary>As in daprd the store that actors have their state in stays what it was when the sidecar started.</summary>
    private List<ComponentManifest> KeepActorState(IReadOnlyList<ComponentManifest> before, IReadOnlyList<ComponentManifest> now)
    {
        var result = new List<ComponentManifest>();
        foreach (var manifest in now)
        {
            var known = before.FirstOrDefault(known => known.Name == manifest.Name);
            if (known is null ? IsActorState(manifest) : Text(known) != Text(manifest) && (IsActorState(known) || IsActorState(manifest)))
            {
                Refuse(manifest);
                if (known is not null)
                {
                    result.Add(known);
                }
            }
            else
            {
                result.Add(manifest);
            }
        }

        foreach (var gone in before.Where(known => IsActorState(known) && now.All(manifest => manifest.Name != known.Name)))
        {
            Refuse(gone);
            result.Add(gone);
        }

        return result;

        void Refuse(ComponentManifest manifest) => _log.LogError(
            "Aborting to hot-reload a state store component that is used as an actor state store: {Component}",
            Identity(manifest.Name, manifest.Type, manifest.Version));
    }

    private void CheckMcpServers(IReadOnlyList<McpServerManifest> servers)
    {
        foreach (var server in servers.Where(server => server.Problem is not null))
        {
            if (!server.IgnoreErrors)
            {
                _log.LogWarning("Error processing MCPServer, daprd will exit gracefully: {Problem}", server.Problem);
                throw new SidecarStartException(server.Problem!);
            }

            _log.LogError("Ignoring error processing MCPServer: {Problem}", server.Problem);
        }
    }

    private static bool IsActorState(ComponentManifest manifest) => manifest.Metadata.Any(item =>
        item.Name.Equals("actorStateStore", StringComparison.OrdinalIgnoreCase) && item.Value?.Trim().ToUpperInvariant() is "Y" or "YES" or "TRUE" or "T" or "ON" or "1");

    private static string Identity(string name, string type, string version) => $"{name} ({type}/{(version.Length > 0 ? version : "v1")})";

    /// <summary>A resource as text, for comparison; where it stands in its file does not matter.</summary>
    private static string Text(ComponentManifest manifest) => JsonSerializer.Serialize(manifest with { Source = "" });

    private static string Text<T>(IReadOnlyList<T> resources) => JsonSerializer.Serialize(resources);
}
