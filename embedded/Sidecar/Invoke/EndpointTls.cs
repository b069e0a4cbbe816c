using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Invoke;

/// <summary>The client TLS of an HTTPEndpoint: its own root certificate, and a client certificate.</summary>
internal static class EndpointTls
{
    /// <summary>Null when the endpoint asks for nothing special.</summary>
    public static HttpMessageInvoker? ClientFor(HttpEndpointManifest manifest)
    {
        if (manifest.RootCa?.Value is null && manifest.Certificate?.Value is null)
        {
            return null;
        }

        var tls = new SslClientAuthenticationOptions();
        if (manifest.RootCa?.Value is { Length: > 0 } rootCa)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(rootCa);
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        if (manifest.Certificate?.Value is { Length: > 0 } certificate && manifest.PrivateKey?.Value is { Length: > 0 } key)
        {
            tls.ClientCertificates = [X509Certificate2.CreateFromPem(certificate, key)];
        }

        return new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            SslOptions = tls,
            ActivityHeadersPropagator = null,
        });
    }
}
