using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Tests.Hosting;

public sealed class ApiPathTests
{
    [Theory]
    [InlineData("/", "")]
    [InlineData("/v1.0/healthz", "v1.0/healthz")]
    [InlineData("/v1.0//state///orders//k", "v1.0/state/orders/k")]
    [InlineData("/v1.0/state/orders/k/", "v1.0/state/orders/k")]
    [InlineData("/v1.0/state/./orders/x/../k", "v1.0/state/orders/k")]
    [InlineData("/../x", "x")]
    public void A_path_is_cleaned_before_it_is_matched(string path, string clean) => Assert.Equal(clean, ApiPath.Clean(path));

    [Theory]
    [InlineData("/a%2Fb", true)]
    [InlineData("/50%", false)]
    [InlineData("/50%2", false)]
    [InlineData("/50%zz", false)]
    public void A_broken_escape_is_noticed(string path, bool isEscaped) => Assert.Equal(isEscaped, ApiPath.IsEscaped(path));

    [Fact]
    public void A_plus_in_a_query_is_a_space_and_a_broken_pair_is_left_out() =>
        Assert.Equal(
            [KeyValuePair.Create("a", "1 2"), KeyValuePair.Create("b", "")],
            QueryText.Parse("?a=1+2&b&c=%zz&d;e=1"));
}
