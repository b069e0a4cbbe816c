using System.ComponentModel.DataAnnotations;

namespace DaprMesh.State;

/// <summary>Which page of a list is wanted; bind it with <c>[AsParameters]</c>.</summary>
/// <param name="Cursor">Null: the first page.</param>
/// <param name="Limit">Null: 20.</param>
public sealed record PageRequest(string? Cursor = null, [property: Range(1, PageRequest.MaxLimit)] int? Limit = null)
{
    public const int MaxLimit = 200;
    public const int DefaultLimit = 20;

    internal int Size => Math.Clamp(Limit ?? DefaultLimit, 1, MaxLimit);
}

/// <summary>A page of a list.</summary>
/// <param name="NextCursor">Pass it as <c>cursor</c> for the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
