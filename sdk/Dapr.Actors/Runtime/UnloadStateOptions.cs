namespace Dapr.Actors.Runtime;

/// <summary>How <see cref="IActorStateManager.UnloadStateAsync"/> treats a state that was changed and not yet saved.</summary>
public class UnloadStateOptions
{
    public bool AllowUnloadingWhenStateModified { get; set; }
}
