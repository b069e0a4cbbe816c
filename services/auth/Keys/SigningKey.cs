using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DaprMesh.Contracts;

namespace DaprMesh.Auth.Keys;

/// <summary>A P-256 key pair and its time: published at once, signing from a moment on, gone when the last token that it signed has ended.</summary>
/// <param name="PrivateKey">PKCS 8 as PEM; null: only the secret store has it.</param>
/// <param name="EndsAt">Null: nothing follows it yet.</param>
internal sealed record SigningKey(
    string Id, string X, string Y, string? PrivateKey, DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset? EndsAt)
{
    public JsonWebKey Public => new("EC", "P-256", X, Y, Id, "ES256", "sig");

    public static SigningKey Create(DateTimeOffset now, DateTimeOffset signsFrom)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Of(pair, pair.ExportPkcs8PrivateKeyPem(), now, signsFrom);
    }

    /// <summary>The key of a PEM text that stays where it came from.</summary>
    /// <exception cref="ArgumentException">It is no private key of P-256.</exception>
    public static SigningKey OfSecret(string pem, DateTimeOffset now, DateTimeOffset signsFrom)
    {
        using var pair = Import(pem);
        return Of(pair, null, now, signsFrom);
    }

    /// <exception cref="ArgumentException">It is no private key of P-256.</exception>
    public static ECDsa Import(string pem)
    {
        var pair = ECDsa.Create();
        try
        {
            pair.ImportFromPem(pem);
            var parameters = pair.ExportParameters(includePrivateParameters: true);
            if (parameters.D is not null && parameters.Curve.Oid is { } curve && (curve.Value == "1.2.840.10045.3.1.7" || curve.FriendlyName is "nistP256" or "ECDSA_P256"))
            {
                return pair;
            }
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            pair.Dispose();
            throw new ArgumentException("The signing key has to be a private key of the curve P-256 as PEM.", nameof(pem), e);
        }

        pair.Dispose();
        throw new ArgumentException("The signing key has to be a private key of the curve P-256 as PEM.", nameof(pem));
    }

    private static SigningKey Of(ECDsa pair, string? pem, DateTimeOffset now, DateTimeOffset signsFrom)
    {
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        var x = Base64Url.EncodeToString(point.X);
        var y = Base64Url.EncodeToString(point.Y);
        return new SigningKey(Thumbprint(x, y), x, y, pem, now, signsFrom, null);
    }

    /// <summary>The name of a key is what it is (RFC 7638).</summary>
    private static string Thumbprint(string x, string y) => Base64Url.EncodeToString(SHA256.HashData(
        Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
}
