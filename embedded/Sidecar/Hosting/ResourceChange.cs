namespace DaprMesh.Sidecar.Hosting;

/// <summary>What a change of the resource files means for a running sidecar.</summary>
/// <param name="Closing">Components that are gone, or that others take the place of.</param>
/// <param name="Opened">Components that have been loaded; empty before that.</param>
/// <param name="Subscriptions">The declared subscriptions have changed.</param>
internal sealed record ResourceChange(IReadOnlyList<LoadedComponent> Closing, IReadOnlyList<LoadedComponent> Opened, bool Subscriptions)
{
    public bool Closes<T>() => Closing.Any(component => component.Instance is T);

    public bool Opens<T>() => Opened.Any(component => component.Instance is T);
}
