using System.Text.Json;

namespace Dapr.Common.Exceptions;

/// <summary>Reads the entries of <c>details</c> in the sidecar's error body (google.rpc types as protobuf JSON).</summary>
internal static class ErrorDetails
{
    private const string TypePrefix = "type.googleapis.com/google.rpc.";

    public static DaprExtendedErrorDetail Read(JsonElement detail)
    {
        var url = Text(detail, "@type");
        return (url.StartsWith(TypePrefix, StringComparison.Ordinal) ? url[TypePrefix.Length..] : "") switch
        {
            "ErrorInfo" => new DaprErrorInfoDetail(Text(detail, "reason"), Text(detail, "domain"), Map(detail, "metadata")),
            "ResourceInfo" => new DaprResourceInfoDetail(Text(detail, "resource_type", "resourceType"), Text(detail, "resource_name", "resourceName"),
                Text(detail, "owner"), Text(detail, "description")),
            "BadRequest" => new DaprBadRequestDetail
            {
                FieldViolations = List(detail, v => new DaprBadRequestDetailFieldViolation(Text(v, "field"), Text(v, "description")), "field_violations", "fieldViolations"),
            },
            "Help" => new DaprHelpDetail { Links = List(detail, v => new DaprHelpDetailLink(Text(v, "url"), Text(v, "description")), "links") },
            "DebugInfo" => new DaprDebugInfoDetail(List(detail, v => v.ToString(), "stack_entries", "stackEntries"), Text(detail, "detail")),
            "LocalizedMessage" => new DaprLocalizedMessageDetail(Text(detail, "locale"), Text(detail, "message")),
            "PreconditionFailure" => new DaprPreconditionFailureDetail
            {
                Violations = List(detail, v => new DaprPreconditionFailureViolation(Text(v, "type"), Text(v, "subject"), Text(v, "description")), "violations"),
            },
            "QuotaFailure" => new DaprQuotaFailureDetail
            {
                Violations = List(detail, v => new DaprQuotaFailureViolation(Text(v, "subject"), Text(v, "description")), "violations"),
            },
            "RequestInfo" => new DaprRequestInfoDetail(Text(detail, "request_id", "requestId"), Text(detail, "serving_data", "servingData")),
            "RetryInfo" => new DaprRetryInfoDetail { Delay = Delay(detail) },
            _ => new DaprUnknownDetail(url),
        };
    }

    private static string Text(JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(element, name) is { ValueKind: JsonValueKind.String } value)
                return value.GetString() ?? "";
        }

        return "";
    }

    private static Dictionary<string, string>? Map(JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString())
            : null;

    private static T[] List<T>(JsonElement element, Func<JsonElement, T> read, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(element, name) is { ValueKind: JsonValueKind.Array } list)
                return [.. list.EnumerateArray().Select(read)];
        }

        return [];
    }

    // A protobuf duration in JSON is {"seconds","nanos"} or text such as "1.5s".
    private static DaprRetryDelay Delay(JsonElement detail)
    {
        var delay = Find(detail, "retry_delay") ?? Find(detail, "retryDelay");
        if (delay is { ValueKind: JsonValueKind.Object } parts)
        {
            var seconds = Find(parts, "seconds") is { ValueKind: JsonValueKind.Number } s ? s.GetInt64() : 0;
            var nanos = Find(parts, "nanos") is { ValueKind: JsonValueKind.Number } n ? n.GetInt32() : 0;
            return new DaprRetryDelay(seconds, nanos);
        }

        if (delay is { ValueKind: JsonValueKind.String } text
            && decimal.TryParse(text.GetString()?.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture, out var value))
        {
            var whole = decimal.Truncate(value);
            return new DaprRetryDelay((long)whole, (int)((value - whole) * 1_000_000_000));
        }

        return new DaprRetryDelay(0, 0);
    }

    private static JsonElement? Find(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
}
