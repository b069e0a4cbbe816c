using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Dapr.Client;
using DaprMesh.Contracts;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Asks the service auth through the sidecar.</summary>
internal sealed class SidecarFeedSource(DaprClient dapr) : ISecurityFeedSource, IDisposable
{
    /// <summary>What the question and its answer may take on their way, beside the waiting.</summary>
    private static readonly TimeSpan Travel = TimeSpan.FromSeconds(5);

    private readonly HttpClient _auth = dapr.CreateInvokableHttpClient(AppIds.Auth);

    public async Task<SecurityFeed?> AfterAsync(long cursor, TimeSpan wait, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(wait + Travel, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var question = new Uri(string.Create(CultureInfo.InvariantCulture, $"/internal/security-feed?after={cursor}&wait={wait.TotalSeconds:0}s"), UriKind.Relative);
        using var response = await _auth.GetAsync(question, either.Token);
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(DefaultsJson.Default.SecurityFeed, either.Token);
    }

    public void Dispose() => _auth.Dispose();
}
