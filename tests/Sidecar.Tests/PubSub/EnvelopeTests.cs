using System.Text;
using System.Text.Json;
using DaprMesh.Sidecar.PubSub;

namespace DaprMesh.Sidecar.Tests.PubSub;

public sealed class EnvelopeTests
{
    private static readonly EventOrigin Origin = new("shop", "bus", "orders", HasNativeTtl: false, TimeProvider.System);

    private static readonly TraceFields NoTrace = new("", "");

    [Fact]
    public void Members_are_sorted_and_html_is_escaped()
    {
        var data = JsonElement.Parse(Wrap("""{"b":"<b>&","a":1}""", "application/json")).GetProperty("data");

        Assert.Equal("{\"a\":1,\"b\":\"\\u003cb\\u003e\\u0026\"}", data.GetRawText());
    }

    [Theory]
    [InlineData(null, "{\"a\":1}", "data", "{\"a\":1}")]
    [InlineData("application/json", "not json", "data", "not json")]
    [InlineData("text/plain", "hello", "data", "hello")]
    [InlineData("application/vnd.shop+json", "{}", "data", "{}")]
    [InlineData("application/octet-stream", "hi", "data_base64", "aGk=")]
    public void Data_is_kept_as_its_content_type_says(string? contentType, string body, string member, string expected) =>
        Assert.Equal(expected, JsonElement.Parse(Wrap(body, contentType)).GetProperty(member).GetString());

    [Fact]
    public void Lone_surrogates_and_repeated_members_do_no_harm()
    {
        var data = JsonElement.Parse(Wrap("""{"x":"\ud800","y":1,"y":2}""", "application/json")).GetProperty("data");

        Assert.Equal("\uFFFD", data.GetProperty("x").GetString());
        Assert.Equal(2, data.GetProperty("y").GetInt32());
    }

    [Fact]
    public void A_caller_s_event_keeps_what_it_has_and_gets_what_it_lacks()
    {
        var bytes = Envelope.Complete(
            Origin, Encoding.UTF8.GetBytes("""{"id":"1","topic":"other","traceid":"mine","ext":[1]}"""), new Dictionary<string, string>(), NoTrace);
        var given = JsonElement.Parse(bytes.Span);

        Assert.Equal("orders", given.GetProperty("topic").GetString());
        Assert.Equal("mine", given.GetProperty("traceid").GetString());
        Assert.False(given.TryGetProperty("traceparent", out _));
        Assert.Equal("Dapr", given.GetProperty("source").GetString());
        Assert.Equal(1, given.GetProperty("ext")[0].GetInt32());
    }

    [Theory]
    [InlineData("nope", "invalid character 'o' in literal null (expecting 'u')")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key")]
    [InlineData("[1,]", "invalid character ']' looking for beginning of value")]
    [InlineData("{\"a\":1", "unexpected EOF")]
    [InlineData("", "EOF")]
    [InlineData("\"a\nb\"", "invalid character '\\n' in string literal")]
    public void Broken_json_is_described_in_go_s_words(string text, string expected) =>
        Assert.Equal(expected, DaprMesh.Sidecar.Json.GoJsonError.Explain(Encoding.UTF8.GetBytes(text)));

    private static byte[] Wrap(string body, string? contentType) =>
        Envelope.Wrap(Origin, Encoding.UTF8.GetBytes(body), contentType, new Dictionary<string, string>(), NoTrace).ToArray();
}
