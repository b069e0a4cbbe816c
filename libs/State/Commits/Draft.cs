using Dapr.Client;

namespace DaprMesh.State.Commits;

/// <summary>A document while a batch changes it: as it was read, and as it becomes.</summary>
internal sealed class Draft<T> where T : class
{
    private readonly string? _cellETag;
    private long _removedAs;

    /// <param name="cell">Null: there is none, or it is taken for granted that there is none.</param>
    public Draft(string id, Cell? cell, StoreContext<T> store)
    {
        Id = id;
        _cellETag = cell?.ETag;
        if (cell is not null)
        {
            Current = DocumentJson.Read(cell.Json.Span, store.Type);
            Before = Current.State;
        }
    }

    public string Id { get; }

    public T? Before { get; }

    public Stored<T>? Current { get; private set; }

    public bool IsChanged { get; private set; }

    /// <summary>The version that the next change makes; a removal counts as one.</summary>
    public long NextVersion => (Current?.Version ?? _removedAs) + 1;

    public Stored<T> Change(T state)
    {
        var version = NextVersion;
        IsChanged = true;
        return Current = new Stored<T>(state, DocumentJson.NewETag(version), version);
    }

    public void Remove()
    {
        _removedAs = NextVersion;
        IsChanged = true;
        Current = null;
    }

    public StateTransactionRequest? Operation(StoreContext<T> store)
    {
        var key = store.DocumentKey(Id);
        if (Current is { } current)
        {
            return StateTable.Upsert(key, DocumentJson.Write(current.State, current.Version, current.ETag, store.Type), _cellETag);
        }

        return _cellETag is null ? null : StateTable.Delete(key, _cellETag);
    }
}
