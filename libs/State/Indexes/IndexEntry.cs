namespace DaprMesh.State.Indexes;

/// <summary>A document's place in an index: by the order's text, and by id among equals.</summary>
internal readonly record struct IndexEntry(string Order, string Id) : IComparable<IndexEntry>
{
    public int CompareTo(IndexEntry other) =>
        string.CompareOrdinal(Order, other.Order) is var order and not 0 ? order : string.CompareOrdinal(Id, other.Id);
}
