using DaprMesh.Contracts;
using DaprMesh.State;

namespace DaprMesh.Catalog;

/// <summary>A product as it is sold.</summary>
/// <param name="Stock">Units on hand; never below zero.</param>
/// <param name="Version">One higher with every change, so that readers can tell old events from new ones.</param>
public sealed record Product(
    string Id, string Sku, string Name, string Description, string Category, Money Price, int Stock, long Version,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static string NewId(DateTimeOffset now) => $"prd_{Guid.CreateVersion7(now):N}";

    public static Product Create(string id, ProductInput input, DateTimeOffset now) => new(
        id, input.Sku, input.Name, input.Description ?? "", input.Category, new Money(input.Price, input.Currency), input.Stock, 1, now, now);

    public static Decision<Product> Add(string id, ProductInput input, DateTimeOffset now)
    {
        var product = Create(id, input, now);
        return Decision.Change(product, new ProductCreated(id, product.Version, product.Name, product.Price, product.Stock, now));
    }

    public Decision<Product> Change(ProductInput input, DateTimeOffset now)
    {
        var changed = this with
        {
            Sku = input.Sku,
            Name = input.Name,
            Description = input.Description ?? "",
            Category = input.Category,
            Price = new Money(input.Price, input.Currency),
            Stock = input.Stock,
        };
        if (changed == this)
        {
            return Decision.Keep(this);
        }

        changed = changed with { Version = Version + 1, UpdatedAt = now };
        return changed.Price == Price
            ? Decision.Change(changed, new ProductChanged(Id, changed.Version, changed.Name, changed.Stock, now))
            : Decision.Change(
                changed,
                new ProductChanged(Id, changed.Version, changed.Name, changed.Stock, now),
                new ProductPriceChanged(Id, changed.Version, Price, changed.Price, now));
    }

    public Decision<Product> AdjustStock(int delta, DateTimeOffset now)
    {
        if (delta == 0)
        {
            return Decision.Keep(this);
        }

        if (Stock + (long)delta is < 0 or > int.MaxValue)
        {
            return new Refusal(RefusalKind.Conflict, "product.stock-out-of-range", $"Product {Id} has {Stock} units; a change by {delta} is not possible.");
        }

        var changed = this with { Stock = Stock + delta, Version = Version + 1, UpdatedAt = now };
        return Decision.Change(changed, new ProductChanged(Id, changed.Version, changed.Name, changed.Stock, now));
    }

    public Decision<Product> Delete(DateTimeOffset now) => Decision.Change(this, new ProductDeleted(Id, Version + 1, now));
}
