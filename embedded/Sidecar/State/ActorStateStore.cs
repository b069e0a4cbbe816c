using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.State;

/// <summary>Finds the one store whose component has <c>actorStateStore: "true"</c>.</summary>
public static class ActorStateStore
{
    /// <summary>The store and its component's name; null when no component is marked. Keys in it have no prefix.</summary>
    public static (string Name, IStateStore Store)? Find(ComponentRegistry components)
    {
        foreach (var (component, store) in components.OfKind<IStateStore>())
        {
            if (component.Resource.IsTrue("actorStateStore"))
            {
                return (component.Name, store);
            }
        }

        return null;
    }

    /// <exception cref="StateStoreException">The component is marked, and another one before it is, too.</exception>
    /// <remarks>Without placement there are no actors, and a second store does no harm: daprd starts then.</remarks>
    internal static void Claim(Component component, SidecarContext context)
    {
        if (!string.IsNullOrEmpty(context.Options.PlacementHostAddress) && component.IsTrue("actorStateStore") && Find(context.Components) is { } other)
        {
            throw new StateStoreException($"detected duplicate actor state store: {other.Name} and {component.Name}");
        }
    }
}
