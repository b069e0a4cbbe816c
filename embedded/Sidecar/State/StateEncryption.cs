using System.Security.Cryptography;
using System.Text;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.State;

/// <summary>
/// Values under AES-GCM, as daprd keeps them: base64 of nonce, cipher text and tag, then <c>||</c> and the key's name. The secondary key only reads.
/// </summary>
internal sealed class StateEncryption
{
    private const string Primary = "primaryEncryptionKey";
    private const string Secondary = "secondaryEncryptionKey";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _primary;
    private readonly byte[]? _secondary;

    private StateEncryption(byte[] primary, byte[]? secondary)
    {
        _primary = primary;
        _secondary = secondary;
    }

    /// <summary>Null when the component names no key.</summary>
    /// <exception cref="StateStoreException">A key is not AES key material in hexadecimal.</exception>
    public static StateEncryption? Of(Component component) =>
        Key(component, Primary) is { } primary ? new StateEncryption(primary, Key(component, Secondary)) : null;

    public byte[] Encrypt(ReadOnlySpan<byte> value)
    {
        var bytes = new byte[NonceBytes + value.Length + TagBytes];
        var nonce = bytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_primary, TagBytes);
        aes.Encrypt(nonce, value, bytes.AsSpan(NonceBytes, value.Length), bytes.AsSpan(NonceBytes + value.Length));
        return Encoding.ASCII.GetBytes($"{Convert.ToBase64String(bytes)}||{Primary}");
    }

    /// <exception cref="StateStoreException">The value was not written with one of the component's keys.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> stored, string storeName)
    {
        if (stored.IsEmpty)
        {
            return [];
        }

        var at = stored.LastIndexOf("||"u8);
        var name = at < 0 ? "" : Encoding.UTF8.GetString(stored[(at + 2)..]);
        if (name.Length == 0)
        {
            throw new StateStoreException($"could not decrypt data for state store {storeName}: encryption key name not found on record");
        }

        try
        {
            var bytes = Convert.FromBase64String(Encoding.ASCII.GetString(stored[..at]));
            var value = new byte[bytes.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(name == Secondary && _secondary is not null ? _secondary : _primary, TagBytes);
            aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, value.Length), bytes.AsSpan(NonceBytes + value.Length), value);
            return value;
        }
        catch (Exception e) when (e is FormatException or CryptographicException or OverflowException or ArgumentException)
        {
            throw new StateStoreException("cipher: message authentication failed");
        }
    }

    private static byte[]? Key(Component component, string name)
    {
        if (component.Find(name) is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            return Convert.FromHexString(text) is { Length: 16 or 24 or 32 } key
                ? key
                : throw new StateStoreException($"{name}: an AES key has 16, 24 or 32 bytes");
        }
        catch (FormatException)
        {
            throw new StateStoreException($"{name}: the key is not hexadecimal");
        }
    }
}
