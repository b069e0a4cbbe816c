using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using DaprMesh.Sidecar.Jobs;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Bindings;

/// <summary>The metadata of a <c>bindings.http</c> component.</summary>
internal sealed record HttpBindingSettings(
    string Url,
    TimeSpan? ResponseTimeout,
    long MaxResponseBodySize,
    bool ErrorIfNot2XX,
    string? SecurityToken,
    string? SecurityTokenHeader,
    X509Certificate2Collection? RootCa,
    X509Certificate2? ClientCertificate)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    public static HttpBindingSettings Read(Component component)
    {
        if (component.Find("mtlsRenegotiation") is { Length: > 0 } renegotiation
            && renegotiation is not ("RenegotiateNever" or "RenegotiateOnceAsClient" or "RenegotiateFreelyAsClient"))
        {
            throw new ArgumentException($"invalid renegotiation value: {renegotiation}");
        }

        return new HttpBindingSettings(
            component.Find("url") ?? "",
            Timeout(component.Find("responseTimeout")),
            Size(component.Find("maxResponseBodySize")),
            component.Find("errorIfNot2XX") is not { Length: > 0 } isError || IsTruthy(isError),
            component.Find("securityToken"),
            component.Find("securityTokenHeader"),
            component.Find("mtlsRootCA") is { Length: > 0 } root ? RootCertificates(root) : null,
            component.Find("mtlsClientCert") is { Length: > 0 } certificate && component.Find("mtlsClientKey") is { Length: > 0 } key
                ? X509Certificate2.CreateFromPem(Pem("MTLSClientCert", certificate), Pem("MTLSClientKey", key))
                : null);
    }

    public static bool IsTruthy(string text) => text.Trim().ToUpperInvariant() is "Y" or "YES" or "TRUE" or "T" or "ON" or "1";

    public SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectTimeout,
            MaxAutomaticRedirections = 10,
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        };
        if (ClientCertificate is not null)
        {
            handler.SslOptions.ClientCertificates = [ClientCertificate];
        }

        if (RootCa is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(RootCa);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }

    private static X509Certificate2Collection RootCertificates(string value)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(Pem("MTLSRootCA", value));
        return certificates.Count > 0 ? certificates : throw new ArgumentException("failed to add root certificate to certpool");
    }

    private static string Pem(string name, string value)
    {
        if (value.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            return value;
        }

        try
        {
            return File.ReadAllText(value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"provided \"{name}\" value is neither a valid file path or nor a valid pem encoded string: {e.Message}", e);
        }
    }

    private static TimeSpan? Timeout(string? text) => text switch
    {
        null or "" => null,
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) => TimeSpan.FromSeconds(seconds),
        _ when GoDuration.TryParse(text, out var duration) => duration,
        _ => throw new ArgumentException($"invalid value for responseTimeout: '{text}' is not a duration"),
    };

    private static long Size(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return 100L << 20;
        }

        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '-').Count();
        var unit = text[digits..] switch
        {
            "" => 1L,
            "k" => 1_000,
            "M" => 1_000_000,
            "G" => 1_000_000_000,
            "Ki" => 1L << 10,
            "Mi" => 1L << 20,
            "Gi" => 1L << 30,
            _ => 0,
        };
        return unit > 0 && long.TryParse(text.AsSpan(0, digits), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number * unit
            : throw new ArgumentException($"invalid value for maxResponseBodySize: {text}");
    }
}
