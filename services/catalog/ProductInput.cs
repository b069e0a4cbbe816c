using System.ComponentModel.DataAnnotations;

namespace DaprMesh.Catalog;

/// <summary>What a client sends to create or replace a product.</summary>
public sealed record ProductInput(
    [property: Required, StringLength(40, MinimumLength = 1)] string Sku,
    [property: Required, StringLength(200, MinimumLength = 1)] string Name,
    [property: StringLength(4000)] string? Description,
    [property: Required, StringLength(60, MinimumLength = 1)] string Category,
    [property: Range(typeof(decimal), "0", "1000000000")] decimal Price,
    [property: Required, RegularExpression("^[A-Z]{3}$", ErrorMessage = "A currency is three capital letters, such as EUR.")] string Currency = "EUR",
    [property: Range(0, 1_000_000_000)] int Stock = 0);
