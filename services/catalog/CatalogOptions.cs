using System.ComponentModel.DataAnnotations;

namespace DaprMesh.Catalog;

internal sealed class CatalogOptions
{
    /// <summary>Products on a page when the client does not say.</summary>
    [Range(1, 200)]
    public int PageSize { get; set; } = 20;

    /// <summary>Fill an empty catalogue with products to try things out.</summary>
    public bool Demo { get; set; }
}
