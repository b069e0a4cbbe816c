using Dapr.Client;
using Microsoft.Extensions.Configuration;

namespace Dapr.Extensions.Configuration.DaprSecretStore;

/// <summary>Configuration from a secret store of the sidecar.</summary>
public class DaprSecretStoreConfigurationSource : IConfigurationSource
{
    public string Store { get; set; } = "";

    /// <summary>Whether the delimiters become the configuration's colon.</summary>
    public bool NormalizeKey { get; set; } = true;

    public IList<string> KeyDelimiters { get; set; } = ["__"];

    /// <summary>The secrets to load; without any, all that the app may see.</summary>
    public IEnumerable<DaprSecretDescriptor>? SecretDescriptors { get; set; }

    public IReadOnlyDictionary<string, string>? Metadata { get; set; }

    public DaprClient Client { get; set; } = null!; // whoever makes the source sets it

    public TimeSpan? SidecarWaitTimeout { get; set; }

    /// <summary>Loads in the background and keeps trying, instead of failing when the sidecar is not there.</summary>
    public bool IsOptional { get; set; }

    public IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        if (SecretDescriptors is not null && Metadata is not null)
            throw new ArgumentException($"{nameof(Metadata)} must be null when {nameof(SecretDescriptors)} is set");
        ArgumentException.ThrowIfNullOrEmpty(Store, nameof(Store));
        ArgumentNullException.ThrowIfNull(Client, nameof(Client));
        var descriptors = SecretDescriptors?.ToArray();
        if (descriptors is [])
            throw new ArgumentException("No secret descriptor was provided");

        return new DaprSecretStoreConfigurationProvider(this, descriptors);
    }
}
