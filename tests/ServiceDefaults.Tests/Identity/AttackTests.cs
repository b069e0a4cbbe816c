using System.Buffers.Text;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DaprMesh.Contracts;

namespace DaprMesh.ServiceDefaults.Tests.Identity;

/// <summary>Tokens that somebody made up, each against a service that takes good ones.</summary>
public sealed class AttackTests(IdentityMesh mesh) : IClassFixture<IdentityMesh>
{
    private const string Mallory = "usr_mallory";
    private static readonly BigInteger Order = new(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    private Dictionary<string, object> Claims => mesh.Authority.Claims(Mallory, [Roles.Admin]);

    private Dictionary<string, object> Header => new() { ["alg"] = "ES256", ["kid"] = mesh.Authority.KeyId, ["typ"] = "at+jwt" };

    private string Good => mesh.Authority.Token(Claims);

    [Fact]
    public async Task A_good_token_is_taken()
    {
        using var answer = await mesh.GetAsync("me", Good);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory, InlineData("none"), InlineData("None"), InlineData("NONE"), InlineData("nOnE"), InlineData("")]
    public async Task No_algorithm_is_no_signature(string algorithm)
    {
        var header = Header;
        header["alg"] = algorithm;

        await RefusedAsync(mesh.Authority.Token(header, Claims));
        await RefusedAsync($"{Part(header)}.{Part(Claims)}.");
        await RefusedAsync($"{Part(new { alg = algorithm })}.{Part(Claims)}.");
    }

    [Theory, InlineData("HS256"), InlineData("RS256"), InlineData("ES384"), InlineData("ES256K"), InlineData("es256"), InlineData("EdDSA")]
    public async Task Only_ES256_is_an_algorithm(string algorithm)
    {
        var header = Header;
        header["alg"] = algorithm;

        await RefusedAsync(mesh.Authority.Token(header, Claims));
    }

    [Fact]
    public async Task The_public_key_is_no_secret_for_HMAC()
    {
        var key = mesh.Authority.Feed(0).Keys.Keys[^1];
        var point = Base64Url.DecodeFromChars(key.X).Concat(Base64Url.DecodeFromChars(key.Y)).ToArray();
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = { X = point[..32], Y = point[32..] } });
        byte[][] secrets = [point, ecdsa.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(ecdsa.ExportSubjectPublicKeyInfoPem()), JsonSerializer.SerializeToUtf8Bytes(key)];
        foreach (var algorithm in (string[])["HS256", "ES256"])
        {
            var signed = $"{Part(new { alg = algorithm, kid = key.Kid, typ = "at+jwt" })}.{Part(Claims)}";
            foreach (var secret in secrets)
            {
                await RefusedAsync($"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}");
            }
        }
    }

    public static TheoryData<string, object> WrongClaims => new()
    {
        { "iss", "http://localhost:8081" },
        { "iss", "" },
        { "iss", 1 },
        { "aud", "others" },
        { "aud", Array.Empty<string>() },
        { "aud", new[] { "others" } },
        { "aud", new { daprmesh = true } },
        { "sub", "" },
        { "sub", 7 },
        { "sid", "" },
        { "roles", "admin" },
        { "roles", new object[] { 1 } },
        { "ver", "1" },
        { "ver", -1 },
        { "ver", 1.5 },
        { "iat", "now" },
        { "iat", 32503680000 },
        { "nbf", 32503680000 },
        { "exp", "2030-01-01" },
        { "exp", 1e300 },
        { "exp", -1 },
        { "exp", long.MaxValue },
    };

    [Theory, MemberData(nameof(WrongClaims))]
    public async Task A_claim_that_is_not_ours_is_refused(string name, object value)
    {
        var claims = Claims;
        claims[name] = value;

        await RefusedAsync(mesh.Authority.Token(claims));
    }

    [Theory, InlineData("iss"), InlineData("aud"), InlineData("sub"), InlineData("sid"), InlineData("roles"), InlineData("ver"), InlineData("iat"), InlineData("exp")]
    public async Task A_claim_that_is_missing_is_refused(string name)
    {
        var claims = Claims;
        claims.Remove(name);

        await RefusedAsync(mesh.Authority.Token(claims));
    }

    [Fact]
    public async Task A_token_of_the_past_has_expired_and_one_of_the_future_does_not_count_yet()
    {
        var now = mesh.Mesh.Clock.GetUtcNow().ToUnixTimeSeconds();
        var past = Claims;
        (past["iat"], past["nbf"], past["exp"]) = (now - 3600, now - 3600, now - 31);
        var future = Claims;
        (future["iat"], future["nbf"], future["exp"]) = (now + 3600, now + 3600, now + 7200);
        var skewed = Claims;
        (skewed["iat"], skewed["nbf"], skewed["exp"]) = (now - 900, now + 29, now + 100);

        await RefusedAsync(mesh.Authority.Token(past), "token.expired");
        await RefusedAsync(mesh.Authority.Token(future));
        using var answer = await mesh.GetAsync("me", mesh.Authority.Token(skewed));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory, InlineData("other"), InlineData(""), InlineData("../../dev/null"), InlineData("' OR 1=1 --")]
    public async Task A_key_that_nobody_knows_signs_nothing(string name)
    {
        var header = Header;
        header["kid"] = name;

        await RefusedAsync(mesh.Authority.Token(header, Claims));
    }

    public static TheoryData<string, object> OtherHeaders => new()
    {
        { "jku", "https://mallory.example/jwks.json" },
        { "jwk", new { kty = "EC", crv = "P-256", x = "AA", y = "AA" } },
        { "x5u", "https://mallory.example/cert.pem" },
        { "x5c", new[] { "MIIB" } },
        { "x5t", "AA" },
        { "crit", new[] { "exp" } },
        { "crit", new[] { "b64" } },
        { "b64", false },
        { "zip", "DEF" },
        { "enc", "A128GCM" },
        { "cty", "JWT" },
    };

    [Theory, MemberData(nameof(OtherHeaders))]
    public async Task A_header_that_brings_a_key_or_changes_the_rules_is_refused(string name, object value)
    {
        var header = Header;
        header[name] = value;

        await RefusedAsync(mesh.Authority.Token(header, Claims));
    }

    [Theory, InlineData("JWT"), InlineData("at+JWT "), InlineData("dpop+jwt"), InlineData("")]
    public async Task A_token_of_another_kind_is_refused(string type)
    {
        var header = Header;
        header["typ"] = type;

        await RefusedAsync(mesh.Authority.Token(header, Claims));
    }

    [Fact]
    public async Task A_key_of_ones_own_under_a_known_name_signs_nothing()
    {
        using var mine = new DaprMesh.Testing.Authority(mesh.Mesh.Clock);
        await RefusedAsync(mine.Token(Header, Claims));
    }

    [Fact]
    public async Task Numbers_that_are_no_signature_are_refused()
    {
        var signed = Good[..Good.LastIndexOf('.')];
        foreach (var (r, s) in ((BigInteger, BigInteger)[])[(0, 0), (1, 0), (0, 1), (1, 1), (Order, Order), (Order, 1), (1, Order), (Order - 1, Order - 1)])
        {
            await RefusedAsync($"{signed}.{Base64Url.EncodeToString([.. Octets(r), .. Octets(s)])}");
        }

        await RefusedAsync($"{signed}.{Base64Url.EncodeToString(Enumerable.Repeat((byte)255, 64).ToArray())}");
        await RefusedAsync($"{signed}.");
        await RefusedAsync($"{signed}.AA");

        static byte[] Octets(BigInteger number)
        {
            var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
            return [.. new byte[32 - bytes.Length], .. bytes];
        }
    }

    [Fact]
    public async Task A_signature_in_another_format_is_refused()
    {
        var good = Good;
        var (signed, signature) = (good[..good.LastIndexOf('.')], Base64Url.DecodeFromChars(good.AsSpan(good.LastIndexOf('.') + 1)));
        byte[] der = [0x30, 70, 2, 33, 0, .. signature[..32], 2, 33, 0, .. signature[32..]];

        await RefusedAsync($"{signed}.{Base64Url.EncodeToString(der)}");
        await RefusedAsync($"{signed}.{Base64Url.EncodeToString([.. signature, 0])}");
        await RefusedAsync($"{signed}.{Base64Url.EncodeToString([0, .. signature])}");
        await RefusedAsync($"{signed}.{Convert.ToHexString(signature)}");
    }

    [Theory]
    [InlineData("{0}=")]
    [InlineData("{0}==")]
    [InlineData("{0}.")]
    [InlineData("{0}.AAAA")]
    [InlineData("{0}x")]
    [InlineData("{0} x")]
    [InlineData(".{0}")]
    [InlineData(" {0}")]
    [InlineData("{0},{0}")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    [InlineData("null")]
    [InlineData("{{}}.{{}}.{{}}")]
    public async Task A_text_that_is_not_quite_a_token_is_refused(string text) =>
        await RefusedAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, text, Good));

    [Fact]
    public async Task A_token_changed_in_one_letter_is_refused()
    {
        var good = Good;
        foreach (var at in Enumerable.Range(0, good.Length).Where(at => at % 7 == 0 || at > good.Length - 4))
        {
            await RefusedAsync($"{good[..at]}{(good[at] == 'A' ? 'B' : 'A')}{good[(at + 1)..]}");
        }
    }

    [Theory]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":"at+jwt","alg":"ES256"}""")]
    [InlineData("""{"alg":"none","alg":"ES256","kid":"KID","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"ES256","kid":"KID","\u006bid":"KID","typ":"at+jwt"}""")]
    [InlineData("""["ES256"]""")]
    [InlineData(""""ES256"""")]
    [InlineData("""{"alg":["ES256"],"kid":"KID","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"ES256","kid":"\ud800","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":"at+jwt"} {}""")]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":"at+jwt",}""")]
    [InlineData("""{"alg":"ES256","kid":"KID","typ":"at+jwt"}//""")]
    public async Task A_header_that_can_be_read_in_two_ways_is_refused(string header) =>
        await RefusedAsync(mesh.Authority.SignRaw(header.Replace("KID", mesh.Authority.KeyId, StringComparison.Ordinal), JsonSerializer.Serialize(Claims)));

    [Fact]
    public async Task Claims_that_can_be_read_in_two_ways_are_refused()
    {
        var header = JsonSerializer.Serialize(Header);
        var claims = JsonSerializer.Serialize(Claims);

        await RefusedAsync(mesh.Authority.SignRaw(header, claims.Replace("{\"iss\"", "{\"sub\":\"usr_admin\",\"iss\"", StringComparison.Ordinal)));
        await RefusedAsync(mesh.Authority.SignRaw(header, claims.Replace("{\"iss\"", "{\"more\":{\"a\":1,\"a\":2},\"iss\"", StringComparison.Ordinal)));
        await RefusedAsync(mesh.Authority.SignRaw(header, claims.Replace(Mallory, "\\ud800", StringComparison.Ordinal)));
        await RefusedAsync(mesh.Authority.SignRaw(header, claims + claims));
        await RefusedAsync(mesh.Authority.SignRaw(header, $"[{claims}]"));
        await RefusedAsync(mesh.Authority.SignRaw(header, claims.Replace("{\"iss\"", "{\"deep\":" + new string('[', 100) + new string(']', 100) + ",\"iss\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_token_of_a_megabyte_is_refused_before_it_is_read()
    {
        var claims = Claims;
        claims["name"] = new string('a', 20_000);

        await RefusedAsync(mesh.Authority.Token(claims));
        await RefusedAsync(new string('a', 1024 * 1024));
        await RefusedAsync($"{new string('a', 1024 * 512)}.{new string('a', 1024 * 512)}.a");
    }

    [Theory, InlineData("X-User-Id"), InlineData("X-User-Roles"), InlineData("dapr-caller-app-id"), InlineData("X-Forwarded-User")]
    public async Task A_header_says_nothing_about_who_calls(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "open");
        request.Headers.Add(name, "usr_admin");
        using var answer = await mesh.Mesh.App("shop").SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("nobody", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_tokens_are_none()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "me");
        request.Headers.TryAddWithoutValidation("Authorization", [$"Bearer {Good}", $"Bearer {Good}"]);
        using var answer = await mesh.Mesh.App("shop").SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    private async Task RefusedAsync(string token, string code = "token.invalid")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "me");
        Assert.True(request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token));
        using var answer = await mesh.Mesh.App("shop").SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(code, await IdentityMesh.ProblemAsync(answer, HttpStatusCode.Unauthorized));
        Assert.StartsWith("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);

        // Where no token is needed, a bad one makes nobody anybody.
        using var open = new HttpRequestMessage(HttpMethod.Get, "open");
        Assert.True(open.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token));
        using var other = await mesh.Mesh.App("shop").SendAsync(open, TestContext.Current.CancellationToken);
        Assert.Equal("nobody", await other.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
