using DaprMesh.State.Indexes;

namespace DaprMesh.State.Tests.Indexes;

public sealed class CursorTests
{
    private static readonly IndexEntry Place = new("0012 an order\nin two lines", "ord_1");

    [Fact]
    public void A_cursor_leads_back_to_its_place_in_its_list()
    {
        Assert.True(Cursor.TryRead(Cursor.Of(Place, "orders"), "orders", out var place));
        Assert.Equal(Place, place);
        Assert.True(Cursor.TryRead(null, "orders", out var start));
        Assert.Null(start);
    }

    [Fact]
    public void A_cursor_of_another_list_or_with_a_changed_letter_is_refused()
    {
        var cursor = Cursor.Of(Place, "orders");

        Assert.False(Cursor.TryRead(cursor, "customers", out _));
        Assert.All(Enumerable.Range(0, cursor.Length), at =>
            Assert.False(Cursor.TryRead(cursor[..at] + (cursor[at] == 'A' ? 'B' : 'A') + cursor[(at + 1)..], "orders", out _) && at < cursor.Length - 1));
    }

    [Theory, InlineData("nonsense"), InlineData("e30"), InlineData("=="), InlineData("A"), InlineData("AAAAAAAA"), InlineData("\u20AC")]
    public void Nonsense_is_refused(string text) => Assert.False(Cursor.TryRead(text, "orders", out _));
}
