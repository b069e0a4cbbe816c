using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Tests.Middleware;

public sealed class BearerTests : IAsyncLifetime
{
    private const string Echo = "v1.0/invoke/app/method/echo";

    private readonly PipelineFixture _fixture = new();
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsa = RSA.Create(2048);

    public async ValueTask InitializeAsync()
    {
        await _fixture.StartAppAsync();
        var (ec, rsa) = (_ec.ExportParameters(false), _rsa.ExportParameters(false));
        _fixture.Documents["/.well-known/openid-configuration"] =
            $$"""{ "issuer": "{{_fixture.AppAddress}}", "jwks_uri": "{{_fixture.AppAddress}}/keys" }""";
        _fixture.Documents["/keys"] = $$"""
            { "keys": [
                { "kty": "EC", "kid": "ec", "crv": "P-256", "x": "{{Encode(ec.Q.X!)}}", "y": "{{Encode(ec.Q.Y!)}}" },
                { "kty": "RSA", "kid": "rsa", "use": "sig", "n": "{{Encode(rsa.Modulus!)}}", "e": "{{Encode(rsa.Exponent!)}}" },
                { "kty": "oct", "kid": "secret", "k": "c2VjcmV0" } ] }
            """;
        await _fixture.StartSidecarAsync("httpPipeline", "middleware.http.bearer", ("issuerURL", _fixture.AppAddress), ("audience", "shop"));
    }

    public async ValueTask DisposeAsync()
    {
        await _fixture.DisposeAsync();
        _ec.Dispose();
        _rsa.Dispose();
    }

    [Theory]
    [InlineData("ES256", "ec")]
    [InlineData("RS256", "rsa")]
    [InlineData("PS384", "rsa")]
    public async Task A_valid_token_goes_on(string algorithm, string key) =>
        Assert.Equal(HttpStatusCode.OK, (await _fixture.SendAsync(HttpMethod.Get, Echo, bearer: Token(algorithm, key))).Status);

    [Fact]
    public async Task Without_a_token_not_even_health_is_told() =>
        Assert.Equal((HttpStatusCode.Unauthorized, "Unauthorized"), await _fixture.SendAsync(HttpMethod.Get, "v1.0/healthz"));

    [Fact]
    public async Task Whatever_is_wrong_with_a_token_it_is_refused()
    {
        var valid = Token("ES256", "ec");
        string[] refused =
        [
            "short", "not.a.token-at-all", valid[..^4] + "AAAA", Token("none", "ec"), Token("ES256", "unknown"), Token("ES256", null), Token("HS256", "secret"),
            Token("ES256", "rsa"), Token("RS256", "ec"),
            Token("ES256", "ec", issuer: "https://elsewhere"), Token("ES256", "ec", audience: "other"),
            Token("ES256", "ec", expires: -6), Token("ES256", "ec", notBefore: 6),
        ];

        foreach (var token in refused)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await _fixture.SendAsync(HttpMethod.Get, Echo, bearer: token)).Status);
        }

        // Clocks may differ by five minutes.
        Assert.Equal(HttpStatusCode.OK, (await _fixture.SendAsync(HttpMethod.Get, Echo, bearer: Token("ES256", "ec", expires: -4, notBefore: 4))).Status);
    }

    [Fact]
    public async Task Keys_that_cannot_be_fetched_keep_the_sidecar_from_starting()
    {
        await using var other = new PipelineFixture();
        await other.StartAppAsync();

        var error = await Assert.ThrowsAsync<SidecarStartException>(() => other.StartSidecarAsync(
            "httpPipeline", "middleware.http.bearer", ("issuer", "https://issuer"), ("audience", "shop"), ("jwksURL", other.AppAddress + "/absent")));

        Assert.Contains("step (middleware.http.bearer/v1)", error.Message, StringComparison.Ordinal);
    }

    private string Token(string algorithm, string? key, string? issuer = null, string audience = "shop", int expires = 5, int notBefore = -1)
    {
        var now = TimeProvider.System.GetUtcNow();
        var header = Encode(JsonSerializer.SerializeToUtf8Bytes(key is null
            ? new Dictionary<string, object> { ["alg"] = algorithm }
            : new Dictionary<string, object> { ["alg"] = algorithm, ["kid"] = key }));
        var claims = Encode(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["iss"] = issuer ?? _fixture.AppAddress,
            ["aud"] = new[] { "another", audience },
            ["exp"] = now.AddMinutes(expires).ToUnixTimeSeconds(),
            ["nbf"] = now.AddMinutes(notBefore).ToUnixTimeSeconds(),
        }));
        var signed = Encoding.ASCII.GetBytes($"{header}.{claims}");
        var signature = algorithm switch
        {
            "ES256" => _ec.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            "RS256" => _rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "PS384" => _rsa.SignData(signed, HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
            "HS256" => HMACSHA256.HashData("secret"u8, signed),
            _ => [],
        };
        return $"{header}.{claims}.{Encode(signature)}";
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
