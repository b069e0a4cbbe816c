namespace DaprMesh.Sidecar.State;

/// <summary>A store refused an operation for what it asks.</summary>
public class StateStoreException(string message) : Exception(message);

/// <summary>The condition of a write does not hold: another writer was first, or the ETag is not the current one.</summary>
public sealed class ETagMismatchException(string? reason = null)
    : StateStoreException(reason is null ? Text : $"{Text}: {reason}")
{
    private const string Text = "possible etag mismatch. error from state store";
}
