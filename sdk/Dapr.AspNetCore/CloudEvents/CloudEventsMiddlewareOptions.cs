namespace Dapr;

/// <summary>How CloudEvents are unwrapped.</summary>
public class CloudEventsMiddlewareOptions
{
    /// <summary>Leaves text data as a JSON string instead of its characters.</summary>
    public bool SuppressJsonDecodingOfTextPayloads { get; set; }

    /// <summary>Gives the attributes of the event as headers <c>Cloudevent.name</c>.</summary>
    public bool ForwardCloudEventPropertiesAsHeaders { get; set; }

    /// <summary>Forwards only these attributes.</summary>
    public string[]? IncludedCloudEventPropertiesAsHeaders { get; set; }

    /// <summary>Forwards all but these attributes.</summary>
    public string[]? ExcludedCloudEventPropertiesFromHeaders { get; set; }
}
