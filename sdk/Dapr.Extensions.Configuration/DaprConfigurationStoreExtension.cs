using Dapr.Client;
using Microsoft.Extensions.Configuration;

namespace Dapr.Extensions.Configuration;

/// <summary>Adds configuration stores of the sidecar to the configuration.</summary>
public static class DaprConfigurationStoreExtension
{
    /// <summary>Reads the items once.</summary>
    public static IConfigurationBuilder AddDaprConfigurationStore(this IConfigurationBuilder configurationBuilder, string store, IReadOnlyList<string> keys, DaprClient client, TimeSpan sidecarWaitTimeout, IReadOnlyDictionary<string, string>? metadata = null, bool optional = false) =>
        Add(configurationBuilder, store, keys, client, sidecarWaitTimeout, isStreaming: false, metadata, optional);

    /// <summary>Follows the changes of the items.</summary>
    public static IConfigurationBuilder AddStreamingDaprConfigurationStore(this IConfigurationBuilder configurationBuilder, string store, IReadOnlyList<string> keys, DaprClient client, TimeSpan sidecarWaitTimeout, IReadOnlyDictionary<string, string>? metadata = null, bool optional = false) =>
        Add(configurationBuilder, store, keys, client, sidecarWaitTimeout, isStreaming: true, metadata, optional);

    private static IConfigurationBuilder Add(
        IConfigurationBuilder builder,
        string store,
        IReadOnlyList<string> keys,
        DaprClient client,
        TimeSpan sidecarWaitTimeout,
        bool isStreaming,
        IReadOnlyDictionary<string, string>? metadata,
        bool optional)
    {
        ArgumentException.ThrowIfNullOrEmpty(store);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(client);
        return builder.Add(new DaprConfigurationStoreSource
        {
            Store = store,
            Keys = keys,
            Client = client,
            SidecarWaitTimeout = sidecarWaitTimeout,
            IsStreaming = isStreaming,
            Metadata = metadata,
            IsOptional = optional,
        });
    }
}
