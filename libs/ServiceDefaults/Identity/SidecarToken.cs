using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Knows calls of the own sidecar by the token that Dapr gives both of them, <c>APP_API_TOKEN</c>.</summary>
internal sealed class SidecarToken
{
    public const string CallerHeader = "dapr-caller-app-id";
    private const string TokenHeader = "dapr-api-token";
    private readonly byte[]? _token;
    private readonly bool _trustsLoopback;

    public SidecarToken(IConfiguration configuration, IHostEnvironment environment)
    {
        _token = configuration["APP_API_TOKEN"] is { Length: > 0 } token ? Encoding.UTF8.GetBytes(token) : null;
        _trustsLoopback = environment.IsDevelopment();
    }

    /// <summary>False: there is nothing to know the sidecar by.</summary>
    public bool IsSet => _token is not null || _trustsLoopback;

    public bool IsSidecar(HttpContext http)
    {
        if (_token is null)
        {
            return _trustsLoopback && http.Connection.RemoteIpAddress is { } address && System.Net.IPAddress.IsLoopback(address);
        }

        var sent = http.Request.Headers[TokenHeader];
        return sent.Count == 1 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent[0] ?? ""), _token);
    }

    /// <summary>The app whose call the own sidecar brings; null: none.</summary>
    public string? CallerOf(HttpContext http)
    {
        // A caller may have written a name itself, and its sidecar another one beside it.
        var sent = http.Request.Headers[CallerHeader];
        return sent.Count == 0 || !IsSidecar(http) ? null
            : http.Request.Headers.GetCommaSeparatedValues(CallerHeader) is [var name, .. var others] && others.All(other => other == name) ? name : null;
    }
}
