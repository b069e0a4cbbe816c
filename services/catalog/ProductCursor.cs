using System.Buffers.Text;
using System.Text.Json;
using DaprMesh.Contracts;

namespace DaprMesh.Catalog;

/// <summary>The place in an order where a page ended. Opaque to clients.</summary>
/// <param name="Order">The order the place is in; in another one it means nothing.</param>
internal sealed record ProductCursor(string Order, string Id, string Name, decimal Price, DateTimeOffset CreatedAt)
{
    public static string Of(ProductSummary last, ProductOrder order) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
        new ProductCursor(order.Name, last.Id, last.Name, last.Price.Amount, last.CreatedAt), CatalogJson.Default.ProductCursor));

    /// <summary>A product that stands at the place; null: the beginning. False: no page of that order gave this cursor.</summary>
    public static bool TryRead(string? text, ProductOrder order, out ProductSummary? place)
    {
        place = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        try
        {
            if (JsonSerializer.Deserialize(Base64Url.DecodeFromChars(text), CatalogJson.Default.ProductCursor) is not { Id: not null, Name: not null } cursor
                || cursor.Order != order.Name)
            {
                return false;
            }

            place = new ProductSummary(cursor.Id, "", cursor.Name, "", "", new Money(cursor.Price, ""), 0, cursor.CreatedAt);
            return true;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return false;
        }
    }
}
