using DaprMesh.Sidecar.Invoke;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>The building blocks of a sidecar, in the order in which they are started.</summary>
internal static class BuildingBlocks
{
    public static IReadOnlyList<IBuildingBlock> Create(
        SidecarContext context, InvokeApi invoke, Action<bool> shutdown, Func<IReadOnlyList<IBuildingBlock>> all) =>
    [
        new HealthApi(context),
        new MetadataApi(context, all),
        new ShutdownApi(shutdown),
        invoke,
        new State.StateApi(context),
        new Secrets.SecretsApi(context),
        new Locks.LockApi(context),
        new Configurations.ConfigurationApi(context),
        new PubSub.PubSubApi(context),
        new Bindings.BindingsApi(context),
        new Actors.ActorsApi(context),
        new WorkflowApi(context),
        new Jobs.JobsApi(context),
    ];
}
