using System.Text;
using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults.Identity;

namespace DaprMesh.ServiceDefaults.Tests.Identity;

/// <summary>The examples of the standards.</summary>
public sealed class TokenVectorTests
{
    /// <summary>RFC 7515, A.3.</summary>
    private const string Es256 =
        "eyJhbGciOiJFUzI1NiJ9" +
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ" +
        ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private static JsonWebKey Rfc7515Key => new(
        "EC", "P-256", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", "a3", "", "");

    [Fact]
    public void The_ES256_signature_of_RFC_7515_is_good()
    {
        Assert.True(VerificationKey.TryCreate(Rfc7515Key, out var key));
        var dot = Es256.LastIndexOf('.');

        Assert.True(key.Verify(Encoding.ASCII.GetBytes(Es256[..dot]), Decode(Es256[(dot + 1)..])));
        Assert.False(key.Verify(Encoding.ASCII.GetBytes(Es256[..(dot - 1)]), Decode(Es256[(dot + 1)..])));
    }

    [Fact]
    public void The_octets_of_RFC_7515_decode_without_padding()
    {
        // RFC 7515, C
        Assert.Equal([3, 236, 255, 224, 193], Decode("A-z_4ME"));
    }

    [Theory]
    [InlineData("A-z_4ME=")]
    [InlineData("A+z/4ME")]
    [InlineData("A-z_ 4ME")]
    [InlineData("A-z_4MF")]
    [InlineData("A-z_4")]
    public void Any_other_way_to_write_octets_is_refused(string text) =>
        Assert.False(Base64UrlText.TryDecode(text, new byte[16], out _));

    [Fact]
    public void The_key_of_RFC_7517_is_taken()
    {
        // RFC 7517, A.1
        var source = new JsonWebKey("EC", "P-256", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "1", "", "sig");

        Assert.True(VerificationKey.TryCreate(source, out var key));
        Assert.Equal("1", key.Id);
    }

    public static TheoryData<JsonWebKey> OtherKeys =>
    [
        Rfc7515Key with { Kty = "RSA" },
        Rfc7515Key with { Kty = "oct" },
        Rfc7515Key with { Crv = "P-384" },
        Rfc7515Key with { Alg = "HS256" },
        Rfc7515Key with { Use = "enc" },
        Rfc7515Key with { Kid = "" },
        Rfc7515Key with { X = Rfc7515Key.Y },
        Rfc7515Key with { X = "AAAA" },
        Rfc7515Key with { Y = "" },
    ];

    [Theory, MemberData(nameof(OtherKeys))]
    public void A_key_that_is_no_P256_key_for_signatures_is_left_out(JsonWebKey source) => Assert.False(VerificationKey.TryCreate(source, out _));

    private static byte[] Decode(string text)
    {
        var bytes = new byte[text.Length];
        Assert.True(Base64UrlText.TryDecode(text, bytes, out var written));
        return bytes[..written];
    }
}
