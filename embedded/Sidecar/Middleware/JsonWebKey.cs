using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>A public key of an issuer: RSA or elliptic curve.</summary>
internal sealed class JsonWebKey : IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;
    private readonly string? _curveAlgorithm;
    private readonly string? _algorithm;

    private JsonWebKey(string? id, string? algorithm, RSA? rsa, ECDsa? ec, string? curveAlgorithm)
    {
        Id = id;
        _algorithm = algorithm;
        _rsa = rsa;
        _ec = ec;
        _curveAlgorithm = curveAlgorithm;
    }

    public string? Id { get; }

    /// <summary>Null for a key that is not for signatures or of a type that is not supported.</summary>
    public static JsonWebKey? Read(JsonElement key)
    {
        if (Text(key, "use") is not (null or "sig"))
            return null;

        try
        {
            var (id, algorithm) = (Text(key, "kid"), Text(key, "alg"));
            return Text(key, "kty") switch
            {
                "RSA" => new(id, algorithm, RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") }), null, null),
                "EC" when Curve(Text(key, "crv")) is var (curve, signs) => new(
                    id, algorithm, null,
                    ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") } }), signs),
                _ => null,
            };
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The algorithm has to be one of the key's own: a token cannot choose to be verified in another way.</summary>
    public bool Verifies(JsonWebToken token)
    {
        if (_algorithm is not null && _algorithm != token.Algorithm)
            return false;

        try
        {
            return token.Algorithm switch
            {
                ['R' or 'P', 'S', ..] when _rsa is not null && Hash(token.Algorithm) is { } hash => _rsa.VerifyData(
                    token.Signed, token.Signature, hash, token.Algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
                ['E', 'S', ..] when _ec is not null && token.Algorithm == _curveAlgorithm && Hash(token.Algorithm) is { } hash =>
                    _ec.VerifyData(token.Signed, token.Signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _rsa?.Dispose();
        _ec?.Dispose();
    }

    private static HashAlgorithmName? Hash(string algorithm) => algorithm[2..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        "512" => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static (ECCurve Curve, string Algorithm)? Curve(string? name) => name switch
    {
        "P-256" => (ECCurve.NamedCurves.nistP256, "ES256"),
        "P-384" => (ECCurve.NamedCurves.nistP384, "ES384"),
        "P-521" => (ECCurve.NamedCurves.nistP521, "ES512"),
        _ => null,
    };

    private static byte[] Bytes(JsonElement key, string name) => Base64Url.DecodeFromChars(Text(key, name));

    private static string? Text(JsonElement key, string name) =>
        key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
