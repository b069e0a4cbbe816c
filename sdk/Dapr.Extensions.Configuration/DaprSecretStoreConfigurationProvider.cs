using Microsoft.Extensions.Configuration;

namespace Dapr.Extensions.Configuration.DaprSecretStore;

/// <summary>Loads secrets as configuration values.</summary>
internal sealed class DaprSecretStoreConfigurationProvider(DaprSecretStoreConfigurationSource source, DaprSecretDescriptor[]? descriptors)
    : SidecarConfigurationProvider(source.Client, source.SidecarWaitTimeout ?? DefaultSidecarWaitTimeout, source.IsOptional)
{
    private static readonly TimeSpan DefaultSidecarWaitTimeout = TimeSpan.FromSeconds(5);

    protected override async Task FetchAsync(CancellationToken cancellationToken)
    {
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (descriptors is null)
        {
            foreach (var secret in await Client.GetBulkSecretAsync(source.Store, source.Metadata, cancellationToken))
            {
                foreach (var (key, value) in secret.Value)
                    Add(data, key, value);
            }
        }

        foreach (var descriptor in descriptors ?? [])
        {
            foreach (var (key, value) in await ReadAsync(descriptor, cancellationToken))
                Add(data, key == descriptor.SecretKey ? descriptor.SecretName : key, value);
        }

        Data = data;
    }

    private async Task<Dictionary<string, string>> ReadAsync(DaprSecretDescriptor descriptor, CancellationToken cancellationToken)
    {
        try
        {
            return await Client.GetSecretAsync(source.Store, descriptor.SecretKey, descriptor.Metadata, cancellationToken);
        }
        catch (DaprException) when (!descriptor.IsRequired)
        {
            return [];
        }
    }

    private void Add(Dictionary<string, string?> data, string key, string value)
    {
        var name = key;
        if (source.NormalizeKey)
        {
            foreach (var delimiter in source.KeyDelimiters ?? [])
                name = name.Replace(delimiter, ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
        }

        if (!data.TryAdd(name, value))
            throw new InvalidOperationException($"A duplicate key '{key}' was found in the secret store '{source.Store}'. Please remove any duplicates from your secret store.");
    }
}
