using System.ComponentModel.DataAnnotations;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Catalog;

/// <summary>A page of a list.</summary>
/// <param name="Total">Products that fit the search, on all pages.</param>
/// <param name="Next">Pass it as <c>cursor</c> for the next page; absent on the last.</param>
public sealed record ProductPage(IReadOnlyList<ProductSummary> Items, int Total, string? Next);

internal static class ListProducts
{
    public static async Task<Results<Ok<ProductPage>, ProblemHttpResult>> Handle(
        StateStore<Product> products, IOptions<CatalogOptions> options, CancellationToken ct,
        [StringLength(200)] string? search = null, string? category = null, string? sort = null, [Range(1, 200)] int? limit = null, string? cursor = null)
    {
        if (ProductOrder.Of(sort) is not { } order)
        {
            return TypedResults.Problem($"sort is one of {ProductOrder.Names}.", statusCode: 400, title: "Unknown order");
        }

        if (!ProductCursor.TryRead(cursor, order, out var after))
        {
            return TypedResults.Problem("cursor is a value that an earlier page of the same order gave as next.", statusCode: 400, title: "Unknown cursor");
        }

        var words = (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = (await products.ListAllAsync(ProductIndex.All, "", ct).Select(ProductSummary.Of).ToListAsync(ct))
            .Where(product => category is null || string.Equals(product.Category, category, StringComparison.OrdinalIgnoreCase))
            .Where(product => product.Matches(words))
            .Order(order)
            .ToList();

        // The cursor is the place of the last product of the page before, so that pages stay whole when products, that one too, come and go.
        var rest = after is null ? found : found.FindAll(product => order.Compare(product, after) > 0);
        var page = rest.Take(limit ?? options.Value.PageSize).ToList();
        var next = page.Count < rest.Count ? ProductCursor.Of(page[^1], order) : null;
        return TypedResults.Ok(new ProductPage(page, found.Count, next));
    }
}

/// <summary>The orders a list can have; equal products are told apart by id, so that pages never overlap.</summary>
internal sealed class ProductOrder(string name, Comparison<ProductSummary> compare) : IComparer<ProductSummary>
{
    private static readonly Dictionary<string, ProductOrder> ByName = new[]
    {
        new ProductOrder("name", (a, b) => string.Compare(a.Name, b.Name, StringComparison.OrdinalIgnoreCase)),
        new ProductOrder("-name", (a, b) => string.Compare(b.Name, a.Name, StringComparison.OrdinalIgnoreCase)),
        new ProductOrder("price", (a, b) => a.Price.Amount.CompareTo(b.Price.Amount)),
        new ProductOrder("-price", (a, b) => b.Price.Amount.CompareTo(a.Price.Amount)),
        new ProductOrder("newest", (a, b) => b.CreatedAt.CompareTo(a.CreatedAt)),
    }.ToDictionary(order => order.Name, StringComparer.Ordinal);

    public string Name => name;

    public static string Names => string.Join(", ", ByName.Keys);

    public static ProductOrder? Of(string? name) => ByName.GetValueOrDefault(name ?? "name");

    public int Compare(ProductSummary? x, ProductSummary? y) =>
        x is null || y is null ? 0 : compare(x, y) is var order and not 0 ? order : string.CompareOrdinal(x.Id, y.Id);
}
