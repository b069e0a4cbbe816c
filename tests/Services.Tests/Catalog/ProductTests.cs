using DaprMesh.Catalog;
using DaprMesh.Contracts;
using DaprMesh.State;

namespace DaprMesh.Services.Tests.Catalog;

public sealed class ProductTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Now.AddHours(1);
    private static readonly ProductInput Input = new("BOO-1", "Atlas", "Maps", "Books", 20, "EUR", 5);

    private static Product Atlas => Product.Create("prd_1", Input, Now);

    [Fact]
    public void A_new_product_is_at_version_one() =>
        Assert.Equal((1, Now, Now, 5), (Atlas.Version, Atlas.CreatedAt, Atlas.UpdatedAt, Atlas.Stock));

    [Fact]
    public void The_same_input_changes_nothing() => Assert.IsType<Decision<Product>.Unchanged>(Atlas.Change(Input, Later));

    [Fact]
    public void A_new_name_is_a_change_of_the_next_version()
    {
        var changed = Assert.IsType<Decision<Product>.Changed>(Atlas.Change(Input with { Name = "World atlas" }, Later));

        Assert.Equal(("World atlas", 2, Now, Later), (changed.State.Name, changed.State.Version, changed.State.CreatedAt, changed.State.UpdatedAt));
        Assert.Equal(new ProductChanged("prd_1", 2, "World atlas", 5, Later), Assert.Single(changed.Events));
    }

    [Theory, InlineData(21, "EUR"), InlineData(20, "USD")]
    public void A_new_price_or_currency_is_told_beside_the_change(decimal price, string currency)
    {
        var changed = Assert.IsType<Decision<Product>.Changed>(Atlas.Change(Input with { Price = price, Currency = currency }, Later));

        Assert.Equal(
            [new ProductChanged("prd_1", 2, "Atlas", 5, Later), new ProductPriceChanged("prd_1", 2, new Money(20, "EUR"), new Money(price, currency), Later)],
            changed.Events);
    }

    [Theory, InlineData(3, 8), InlineData(-5, 0)]
    public void Stock_moves_by_the_difference(int delta, int stock)
    {
        var changed = Assert.IsType<Decision<Product>.Changed>(Atlas.AdjustStock(delta, Later));

        Assert.Equal((stock, 2), (changed.State.Stock, changed.State.Version));
        Assert.Equal(new ProductChanged("prd_1", 2, "Atlas", stock, Later), Assert.Single(changed.Events));
    }

    [Fact]
    public void A_difference_of_nothing_changes_nothing() => Assert.IsType<Decision<Product>.Unchanged>(Atlas.AdjustStock(0, Later));

    [Theory, InlineData(-6), InlineData(int.MinValue), InlineData(int.MaxValue)]
    public void Stock_below_zero_or_beyond_counting_is_refused(int delta) =>
        Assert.Equal("product.stock-out-of-range", Assert.IsType<Decision<Product>.Refused>(Atlas.AdjustStock(delta, Later)).Reason.Code);
}
