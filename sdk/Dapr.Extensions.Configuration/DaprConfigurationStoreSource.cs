using Dapr.Client;
using Microsoft.Extensions.Configuration;

namespace Dapr.Extensions.Configuration;

/// <summary>Configuration from a configuration store of the sidecar.</summary>
public class DaprConfigurationStoreSource : IConfigurationSource
{
    public string Store { get; set; } = "";

    public IReadOnlyList<string> Keys { get; set; } = [];

    public DaprClient Client { get; set; } = null!; // whoever makes the source sets it

    /// <summary>Follows the changes instead of reading once.</summary>
    public bool IsStreaming { get; set; }

    public TimeSpan SidecarWaitTimeout { get; set; }

    public IReadOnlyDictionary<string, string>? Metadata { get; set; }

    public bool IsOptional { get; set; }

    public IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(Client, nameof(Client));
        return new DaprConfigurationStoreProvider(this);
    }
}
