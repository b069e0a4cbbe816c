using System.ComponentModel.DataAnnotations;
using System.Text;
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
        ProductStore products, IOptions<CatalogOptions> options, CancellationToken ct,
        [StringLength(200)] string? search = null, string? category = null, string? sort = null, [Range(1, 200)] int? limit = null, string? cursor = null)
    {
        if (ProductOrder.Of(sort) is not { } order)
        {
            return TypedResults.Problem($"sort is one of {ProductOrder.Names}.", statusCode: 400, title: "Unknown order");
        }

        if (!TryReadCursor(cursor, out var after))
        {
            return TypedResults.Problem("cursor is a value that an earlier page gave as next.", statusCode: 400, title: "Unknown cursor");
        }

        var words = (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = (await products.ListAsync(ct))
            .Where(product => category is null || string.Equals(product.Category, category, StringComparison.OrdinalIgnoreCase))
            .Where(product => product.Matches(words))
            .Order(order)
            .ToList();

        // The cursor is the last id of the page before: pages stay whole when products come and go between them.
        var start = after is null ? 0 : found.FindIndex(product => product.Id == after) + 1;
        var size = limit ?? options.Value.PageSize;
        var page = found.Skip(start).Take(size).ToList();
        var next = start + page.Count < found.Count && page.Count > 0 ? Cursor(page[^1].Id) : null;
        return TypedResults.Ok(new ProductPage(page, found.Count, next));
    }

    private static string Cursor(string id) => Convert.ToBase64String(Encoding.UTF8.GetBytes(id)).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    private static bool TryReadCursor(string? cursor, out string? id)
    {
        id = null;
        if (string.IsNullOrEmpty(cursor))
        {
            return true;
        }

        var padded = cursor.Replace('-', '+').Replace('_', '/').PadRight((cursor.Length + 3) / 4 * 4, '=');
        var buffer = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, buffer, out var length))
        {
            return false;
        }

        id = Encoding.UTF8.GetString(buffer, 0, length);
        return id.StartsWith("prd_", StringComparison.Ordinal);
    }
}

/// <summary>The orders a list can have; equal products are told apart by id, so that pages never overlap.</summary>
internal sealed class ProductOrder(Comparison<ProductSummary> compare) : IComparer<ProductSummary>
{
    private static readonly Dictionary<string, ProductOrder> ByName = new(StringComparer.Ordinal)
    {
        ["name"] = new((a, b) => string.Compare(a.Name, b.Name, StringComparison.OrdinalIgnoreCase)),
        ["-name"] = new((a, b) => string.Compare(b.Name, a.Name, StringComparison.OrdinalIgnoreCase)),
        ["price"] = new((a, b) => a.Price.Amount.CompareTo(b.Price.Amount)),
        ["-price"] = new((a, b) => b.Price.Amount.CompareTo(a.Price.Amount)),
        ["newest"] = new((a, b) => b.CreatedAt.CompareTo(a.CreatedAt)),
    };

    public static string Names => string.Join(", ", ByName.Keys);

    public static ProductOrder? Of(string? name) => ByName.GetValueOrDefault(name ?? "name");

    public int Compare(ProductSummary? x, ProductSummary? y) =>
        x is null || y is null ? 0 : compare(x, y) is var order and not 0 ? order : string.CompareOrdinal(x.Id, y.Id);
}
