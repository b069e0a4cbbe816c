using DaprMesh.Contracts;

namespace DaprMesh.Catalog;

/// <summary>What a list shows of a product, and what search looks at.</summary>
public sealed record ProductSummary(
    string Id, string Sku, string Name, string Description, string Category, Money Price, int Stock, DateTimeOffset CreatedAt)
{
    public static ProductSummary Of(Product product) => new(
        product.Id, product.Sku, product.Name, product.Description, product.Category, product.Price, product.Stock, product.CreatedAt);

    /// <summary>Every word of the search stands somewhere in name, SKU, category or description.</summary>
    public bool Matches(string[] words) => words.All(word =>
        Name.Contains(word, StringComparison.OrdinalIgnoreCase) || Sku.Contains(word, StringComparison.OrdinalIgnoreCase)
        || Category.Contains(word, StringComparison.OrdinalIgnoreCase) || Description.Contains(word, StringComparison.OrdinalIgnoreCase));
}
