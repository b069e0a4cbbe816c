namespace Dapr.Client;

/// <summary>The value of a configuration key.</summary>
public class ConfigurationItem
{
    public ConfigurationItem(string value, string version, IReadOnlyDictionary<string, string> metadata)
    {
        Value = value;
        Version = version;
        Metadata = metadata;
    }

    public string Value { get; }

    public string Version { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }
}

/// <summary>The items that a configuration store answered.</summary>
public class GetConfigurationResponse
{
    public GetConfigurationResponse(IReadOnlyDictionary<string, ConfigurationItem> configMap) => Items = configMap;

    public IReadOnlyDictionary<string, ConfigurationItem> Items { get; }
}
