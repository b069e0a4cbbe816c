using Dapr;
using Dapr.Client;
using DaprMesh.Auth.Keys;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Start;

/// <summary>What the operator gives this service in the secret store.</summary>
/// <param name="SigningKey">A private key of P-256 as PEM; null: the service makes its own.</param>
/// <param name="AdminPassword">Null: the service makes one.</param>
internal sealed record GivenSecrets(string? SigningKey, string? AdminPassword)
{
    public static readonly GivenSecrets None = new(null, null);
}

/// <summary>Reads them through the sidecar.</summary>
internal sealed class SecretReader(DaprClient dapr, IOptions<AuthOptions> options, ILogger<SecretReader> log)
{
    private const string SigningKeyName = "auth-signing-key";
    private const string AdminPasswordName = "admin-password";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for the sidecar. Null: it did not come.</summary>
    /// <exception cref="ArgumentException">The signing key is none.</exception>
    public async Task<GivenSecrets?> ReadAsync(CancellationToken ct)
    {
        if (options.Value.SecretStore.Length == 0)
        {
            return GivenSecrets.None;
        }

        if (!await SidecarAnswersAsync(ct))
        {
            return null;
        }

        var key = await FindAsync(SigningKeyName, ct);
        if (key is not null)
        {
            SigningKey.Import(key).Dispose();
        }

        return new GivenSecrets(key, await FindAsync(AdminPasswordName, ct));
    }

    private async Task<bool> SidecarAnswersAsync(CancellationToken ct)
    {
        // Real time: it is about another process.
        var started = TimeProvider.System.GetTimestamp();
        while (!await dapr.CheckOutboundHealthAsync(ct))
        {
            if (TimeProvider.System.GetElapsedTime(started).TotalSeconds > options.Value.SecretPatienceSeconds)
            {
                return false;
            }

            await Task.Delay(Pause, TimeProvider.System, ct);
        }

        return true;
    }

    private async Task<string?> FindAsync(string name, CancellationToken ct)
    {
        try
        {
            var secret = await dapr.GetSecretAsync(options.Value.SecretStore, name, cancellationToken: ct);
            return secret.GetValueOrDefault(name, secret.Values.FirstOrDefault() ?? "") is { Length: > 0 } value ? value : null;
        }
        catch (DaprException e)
        {
            log.SecretNotGiven(name, options.Value.SecretStore, e.Message);
            return null;
        }
    }
}
