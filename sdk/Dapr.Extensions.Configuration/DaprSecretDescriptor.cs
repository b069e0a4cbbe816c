namespace Dapr.Extensions.Configuration;

/// <summary>A secret to load: the name it gets in the configuration and the key it has in the store.</summary>
public class DaprSecretDescriptor
{
    public DaprSecretDescriptor(string secretName, bool isRequired = true, string secretKey = "")
        : this(secretName, new Dictionary<string, string>(), isRequired, secretKey)
    {
    }

    public DaprSecretDescriptor(string secretName, IReadOnlyDictionary<string, string> metadata, bool isRequired = true, string secretKey = "")
    {
        SecretName = secretName;
        Metadata = metadata;
        IsRequired = isRequired;
        SecretKey = string.IsNullOrEmpty(secretKey) ? secretName : secretKey;
    }

    public string SecretName { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public bool IsRequired { get; }

    public string SecretKey { get; }
}
