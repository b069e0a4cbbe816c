using System.Text.Json;
using DaprMesh.Sidecar.PubSub.Cel;

namespace DaprMesh.Sidecar.Tests.PubSub;

public sealed class CelTests
{
    private static readonly JsonElement Event = JsonElement.Parse(
        """{"type":"order.paid","data":{"total":120,"kind":"map","tags":["a","b"],"vip":true,"note":"wrap it"}}""");

    [Theory]
    [InlineData("event.type == \"order.paid\"")]
    [InlineData("event.type.startsWith('order.') && event.data.total > 100")]
    [InlineData("event.data.kind in [\"book\", \"map\"]")]
    [InlineData("has(event.data.vip) && event.data.vip")]
    [InlineData("!has(event.data.missing)")]
    [InlineData("event.data.note.matches(\"^wrap\") || event.data.note.contains('gift')")]
    [InlineData("size(event.data.tags) == 2 && event.data.tags[1] == 'b' && event.data.tags.size() == 2")]
    [InlineData("event[\"data\"][\"total\"] >= 120.0")]
    [InlineData("(event.data.total == 120) ? true : false")]
    [InlineData("1 + 2 * 3 == 7 && -2 < 1 && 7 % 4 == 3 && 'a' + 'b' == 'ab'")]
    [InlineData("event.data.missing == 1 || true")]
    [InlineData("!(event.data.missing == 1 && false)")]
    [InlineData("'total' in event.data && string(1) == '1' && int('5') == 5")]
    public void An_expression_that_fits_is_true(string text) => Assert.True(CelExpression.Parse(text).IsTrue(Names));

    [Theory]
    [InlineData("event.type == 'x'")]
    [InlineData("event.data.total < 100")]
    [InlineData("event.data.kind == 5")]
    public void An_expression_that_does_not_fit_is_false(string text) => Assert.False(CelExpression.Parse(text).IsTrue(Names));

    [Theory]
    [InlineData("event.data.missing == 1")]
    [InlineData("event.data.total")]
    [InlineData("unknown == 1")]
    [InlineData("event.data.kind > 5")]
    [InlineData("1 / 0 == 1")]
    public void What_cannot_be_evaluated_says_so(string text) =>
        Assert.Throws<CelException>(() => CelExpression.Parse(text).IsTrue(Names));

    [Theory]
    [InlineData("event.type ==")]
    [InlineData("event.type = 'x'")]
    [InlineData("'unfinished")]
    [InlineData("(1 == 1")]
    [InlineData("has(1)")]
    public void What_is_no_expression_is_refused(string text) => Assert.Throws<FormatException>(() => CelExpression.Parse(text));

    [Fact]
    public void Deep_nesting_is_refused_instead_of_ending_the_process() =>
        Assert.Throws<FormatException>(() => CelExpression.Parse(new string('(', 100_000)));

    private static object? Names(string name) => name == "event" ? Event : throw new CelException($"no such attribute: {name}");
}
