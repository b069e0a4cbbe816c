using System.Text;
using System.Text.Json;
using DaprMesh.Sidecar.Json;

namespace DaprMesh.Sidecar.Tests.Json;

public sealed class GoJsonTests
{
    [Theory]
    [InlineData("""{"z":1,"a":{"y":[{"x":true}]}}""", """{"a":{"y":[{"x":true}]},"z":1}""")]
    [InlineData("""{"b":1,"a":2,"b":3}""", """{"a":2,"b":3}""")]
    [InlineData(""" { "b" : 1.0, "a":  [ ] } """, """{"a":[],"b":1}""")]
    [InlineData("{}", "{}")]
    [InlineData("[]", "[]")]
    [InlineData("""[1,"two",null,false,[[]],{}]""", """[1,"two",null,false,[[]],{}]""")]
    [InlineData("""{"\u0062":1,"a":2}""", """{"a":2,"b":1}""")]
    [InlineData("""{"":1}""", """{"":1}""")]
    public void Members_are_sorted_and_the_last_of_equal_names_stays(string json, string expected) =>
        Assert.Equal(expected, Reencode(json));

    [Theory]
    [InlineData("42", "42")]
    [InlineData("-0", "-0")]
    [InlineData("1.50", "1.5")]
    [InlineData("1e2", "100")]
    [InlineData("1e20", "100000000000000000000")]
    [InlineData("1E+21", "1e+21")]
    [InlineData("12345678901234567890", "12345678901234567000")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("0.0000001", "1e-7")]
    [InlineData("123456789.125", "123456789.125")]
    [InlineData("1e-400", "0")]
    public void Numbers_are_what_a_float64_keeps_of_them(string json, string expected) => Assert.Equal(expected, Reencode(json));

    [Theory]
    [InlineData("\"<b>&amp;</b>\"", """
        "\u003cb\u003e\u0026amp;\u003c/b\u003e"
        """)]
    [InlineData("\"größer 日本 😀\"", "\"größer 日本 😀\"")]
    [InlineData("""
        "\ud83d\ude00 \ud83d \/ \u00e9"
        """, "\"😀 \uFFFD / é\"")]
    [InlineData("\"a\u2028b\"", """
        "a\u2028b"
        """)]
    [InlineData("""
        "\u0007\b\f\n\r\t\"\\"
        """, """
        "\u0007\b\f\n\r\t\"\\"
        """)]
    public void Text_is_escaped_where_Go_escapes_it(string json, string expected) => Assert.Equal(expected, Reencode(json));

    [Theory]
    [InlineData("", "EOF")]
    [InlineData("  ", "EOF")]
    [InlineData("nope", "invalid character 'o' in literal null (expecting 'u')")]
    [InlineData("{", "unexpected EOF")]
    [InlineData("{\"a\":1", "unexpected EOF")]
    [InlineData("[1 2]", "invalid character '2' after array element")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key")]
    [InlineData("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair")]
    [InlineData("{a:1}", "invalid character 'a' looking for beginning of object key string")]
    [InlineData("[1,]", "invalid character ']' looking for beginning of value")]
    [InlineData("\u001f", "invalid character '\\x1f' looking for beginning of value")]
    [InlineData("\"\\q\"", "invalid character 'q' in string escape code")]
    [InlineData("-x", "invalid character 'x' in numeric literal")]
    [InlineData("1.x", "invalid character 'x' after decimal point in numeric literal")]
    public void What_is_no_JSON_is_named_in_the_words_of_Go(string json, string expected) =>
        Assert.Equal(expected, Assert.Throws<JsonException>(() => { Reencode(json); }).Message);

    [Fact]
    public void Nesting_ends_at_ten_thousand_levels()
    {
        Assert.Equal(new string('[', 9_999) + new string(']', 9_999), Reencode(new string('[', 9_999) + new string(']', 9_999)));
        Assert.Equal("exceeded max depth", Assert.Throws<JsonException>(() => { Reencode(new string('[', 100_000)); }).Message);
    }

    [Theory]
    [InlineData("""{"total":5,"a":[1,"x",null,true]}""", "map[a:[1 x <nil> true] total:5]")]
    [InlineData("1000000", "1e+06")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("\"plain\"", "plain")]
    public void A_value_is_printed_as_Go_prints_it(string json, string expected) =>
        Assert.Equal(expected, GoValue.Format(Encoding.UTF8.GetBytes(Reencode(json))));

    private static string Reencode(string json) => Encoding.UTF8.GetString(GoJson.Reencode(Encoding.UTF8.GetBytes(json)));
}
