namespace Dapr.Client;

/// <summary>The changes of a configuration subscription, as they happen.</summary>
public abstract class ConfigurationSource : IAsyncEnumerable<IDictionary<string, ConfigurationItem>>
{
    public abstract string Id { get; }

    public abstract IAsyncEnumerator<IDictionary<string, ConfigurationItem>> GetAsyncEnumerator(CancellationToken cancellationToken = default);
}

/// <summary>A configuration subscription.</summary>
public class SubscribeConfigurationResponse
{
    private readonly ConfigurationSource _source;

    public SubscribeConfigurationResponse(ConfigurationSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
    }

    public string Id => _source.Id;

    public IAsyncEnumerable<IDictionary<string, ConfigurationItem>> Source => _source;
}

/// <summary>Whether a configuration subscription ended.</summary>
public class UnsubscribeConfigurationResponse
{
    public UnsubscribeConfigurationResponse(bool ok, string message)
    {
        Ok = ok;
        Message = message;
    }

    public bool Ok { get; }

    public string Message { get; }
}
