using Dapr.Client;
using Dapr.Extensions.Configuration.DaprSecretStore;
using Microsoft.Extensions.Configuration;

namespace Dapr.Extensions.Configuration;

/// <summary>Adds secret stores of the sidecar to the configuration.</summary>
public static class DaprSecretStoreConfigurationExtensions
{
    public static IConfigurationBuilder AddDaprSecretStore(this IConfigurationBuilder configurationBuilder, string store, IEnumerable<DaprSecretDescriptor> secretDescriptors, DaprClient client, bool optional = false) =>
        Add(configurationBuilder, store, client, Given(secretDescriptors), metadata: null, delimiters: null, timeout: null, optional);

    public static IConfigurationBuilder AddDaprSecretStore(this IConfigurationBuilder configurationBuilder, string store, IEnumerable<DaprSecretDescriptor> secretDescriptors, DaprClient client, TimeSpan sidecarWaitTimeout, bool optional = false) =>
        Add(configurationBuilder, store, client, Given(secretDescriptors), metadata: null, delimiters: null, sidecarWaitTimeout, optional);

    public static IConfigurationBuilder AddDaprSecretStore(this IConfigurationBuilder configurationBuilder, string store, DaprClient client, IReadOnlyDictionary<string, string>? metadata = null, bool optional = false) =>
        Add(configurationBuilder, store, client, descriptors: null, metadata, delimiters: null, timeout: null, optional);

    public static IConfigurationBuilder AddDaprSecretStore(this IConfigurationBuilder configurationBuilder, string store, DaprClient client, TimeSpan sidecarWaitTimeout, IReadOnlyDictionary<string, string>? metadata = null, bool optional = false) =>
        Add(configurationBuilder, store, client, descriptors: null, metadata, delimiters: null, sidecarWaitTimeout, optional);

    public static IConfigurationBuilder AddDaprSecretStore(this IConfigurationBuilder configurationBuilder, string store, DaprClient client, IEnumerable<string>? keyDelimiters, bool optional = false) =>
        Add(configurationBuilder, store, client, descriptors: null, metadata: null, keyDelimiters, timeout: null, optional);

    public static IConfigurationBuilder AddDaprSecretStore(this IConfigurationBuilder configurationBuilder, string store, DaprClient client, IEnumerable<string>? keyDelimiters, TimeSpan sidecarWaitTimeout, bool optional = false) =>
        Add(configurationBuilder, store, client, descriptors: null, metadata: null, keyDelimiters, sidecarWaitTimeout, optional);

    public static IConfigurationBuilder AddDaprSecretStore(this IConfigurationBuilder configurationBuilder, Action<DaprSecretStoreConfigurationSource> configureSource) =>
        configurationBuilder.Add(configureSource);

    private static IConfigurationBuilder Add(
        IConfigurationBuilder builder,
        string store,
        DaprClient client,
        IEnumerable<DaprSecretDescriptor>? descriptors,
        IReadOnlyDictionary<string, string>? metadata,
        IEnumerable<string>? delimiters,
        TimeSpan? timeout,
        bool optional)
    {
        ArgumentException.ThrowIfNullOrEmpty(store);
        ArgumentNullException.ThrowIfNull(client);
        var source = new DaprSecretStoreConfigurationSource
        {
            Store = store,
            Client = client,
            SecretDescriptors = descriptors,
            Metadata = metadata,
            SidecarWaitTimeout = timeout,
            IsOptional = optional,
        };
        if (delimiters is not null)
            source.KeyDelimiters = [.. delimiters];
        return builder.Add(source);
    }

    private static IEnumerable<DaprSecretDescriptor> Given(IEnumerable<DaprSecretDescriptor> secretDescriptors)
    {
        ArgumentNullException.ThrowIfNull(secretDescriptors);
        return secretDescriptors;
    }
}
