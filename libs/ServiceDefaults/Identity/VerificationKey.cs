using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using DaprMesh.Contracts;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>A public P-256 key.</summary>
internal sealed class VerificationKey
{
    /// <summary>r and s, 32 bytes each: RFC 7518, 3.4. DER is another format.</summary>
    public const int SignatureLength = 64;

    private const int CoordinateLength = 32;
    private readonly ECParameters _parameters;

    // An ECDsa is not promised to serve several threads at a time; making one costs more than verifying a signature.
    private readonly ConcurrentBag<ECDsa> _idle = [];

    private VerificationKey(JsonWebKey source, ECParameters parameters)
    {
        Source = source;
        _parameters = parameters;
    }

    public JsonWebKey Source { get; }

    public string Id => Source.Kid;

    /// <summary>Takes a key as RFC 7517 and 7518 write it. Anything but a P-256 key for signatures with a name is none of ours.</summary>
    public static bool TryCreate(JsonWebKey source, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = null;
        if (source is not { Kty: "EC", Crv: "P-256", Kid.Length: > 0 } || source.Alg is not (null or "" or "ES256") || source.Use is not (null or "" or "sig")
            || Coordinate(source.X) is not { } x || Coordinate(source.Y) is not { } y)
        {
            return false;
        }

        var created = new VerificationKey(source, new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = { X = x, Y = y } });
        try
        {
            created._idle.Add(ECDsa.Create(created._parameters));
        }
        catch (CryptographicException)
        {
            return false; // the point is not on the curve
        }

        key = created;
        return true;
    }

    public bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureLength)
        {
            return false;
        }

        if (!_idle.TryTake(out var ecdsa))
        {
            ecdsa = ECDsa.Create(_parameters);
        }

        try
        {
            return ecdsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false; // numbers that no signature has, such as zero, are an error to some libraries
        }
        finally
        {
            _idle.Add(ecdsa);
        }
    }

    private static byte[]? Coordinate(string? text)
    {
        var bytes = new byte[CoordinateLength];
        return text is not null && Base64UrlText.TryDecode(text, bytes, out var written) && written == CoordinateLength ? bytes : null;
    }
}
