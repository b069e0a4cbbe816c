using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Dapr.AspNetCore;

/// <summary>Gives the attributes of a CloudEvent as request headers.</summary>
internal static class CloudEventHeaders
{
    private static readonly string[] Never = ["data", "data_base64", "datacontenttype", "pubsubname", "traceparent"];

    public static void Add(IHeaderDictionary headers, JsonElement json, CloudEventsMiddlewareOptions options)
    {
        foreach (var property in json.EnumerateObject())
        {
            if (IsWanted(property.Name, options))
                headers.TryAdd($"Cloudevent.{property.Name.ToLowerInvariant()}", property.Value.GetRawText().Trim('"'));
        }
    }

    private static bool IsWanted(string name, CloudEventsMiddlewareOptions options)
    {
        if (Never.Contains(name, StringComparer.OrdinalIgnoreCase))
            return false;
        if (options.IncludedCloudEventPropertiesAsHeaders is { } included)
            return included.Contains(name, StringComparer.OrdinalIgnoreCase);
        return options.ExcludedCloudEventPropertiesFromHeaders?.Contains(name, StringComparer.OrdinalIgnoreCase) != true;
    }
}
