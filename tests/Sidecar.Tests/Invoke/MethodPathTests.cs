using DaprMesh.Sidecar.Invoke;

namespace DaprMesh.Sidecar.Tests.Invoke;

public sealed class MethodPathTests
{
    [Theory]
    [InlineData("a/b", "a/b")]
    [InlineData("a/", "a")]
    [InlineData("a//b", "a/b")]
    [InlineData("a/./b/../c", "a/c")]
    [InlineData("../../x", "x")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a/%2E%2E/b", "b")]
    [InlineData("a+b", "a+b")]
    [InlineData("", "")]
    public void A_method_is_decoded_once_and_its_dot_segments_are_resolved(string escaped, string method) =>
        Assert.Equal(method, MethodPath.Decode(escaped));

    [Theory]
    [InlineData("a%23b", "invalid method: method contains forbidden character: \"a#b\"")]
    [InlineData("a%3Fb", "invalid method: method contains forbidden character: \"a?b\"")]
    [InlineData("a%00b", "invalid method: method contains forbidden character: \"a\\x00b\"")]
    [InlineData("a%01b", "invalid method: method contains control character at position 1: \"a\\x01b\"")]
    public void A_method_with_a_forbidden_character_is_refused(string escaped, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidMethodException>(() => MethodPath.Decode(escaped)).Message);

    [Theory]
    [InlineData("a b", "a%20b")]
    [InlineData("a\\b", "a%5Cb")]
    [InlineData("größer/日", "gr%C3%B6%C3%9Fer/%E6%97%A5")]
    [InlineData("a:b;c,d=e@f!g$h'(i)*~j", "a:b;c,d=e@f!g$h'(i)*~j")]
    [InlineData("50%25", "50%25")]
    public void A_method_is_written_into_the_address_as_Go_writes_it(string method, string path) =>
        Assert.Equal(path, MethodPath.Encode(method));

    [Fact]
    public void A_percent_sign_that_begins_no_escape_is_refused() =>
        Assert.Equal("invalid URL escape \"%\"", Assert.Throws<FormatException>(() => MethodPath.Encode("50%")).Message);
}
