using System.Text.Json;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>What an app's answer to a delivery means.</summary>
internal enum AppVerdict
{
    Success,
    Retry,
    Drop,
}

/// <summary>Reads the answers of the delivery contract.</summary>
internal static class AppAnswer
{
    /// <summary>The verdict of a 2xx answer's body; empty, no JSON or without a status is a success, an unknown status a retry.</summary>
    public static AppVerdict Read(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return AppVerdict.Success;
        }

        var status = Status(body);
        return status switch
        {
            null or "" or "SUCCESS" => AppVerdict.Success,
            "DROP" => AppVerdict.Drop,
            _ => AppVerdict.Retry,
        };
    }

    /// <summary>The statuses of a bulk answer by entry id; null when the body is no such answer.</summary>
    public static Dictionary<string, AppVerdict>? ReadBulk(ReadOnlySpan<byte> body)
    {
        if (!Json.GoJson.TryParse(body, out var answer) || answer.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var verdicts = new Dictionary<string, AppVerdict>(StringComparer.Ordinal);
        foreach (var item in Member(answer, "statuses") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default)
        {
            if (item.ValueKind == JsonValueKind.Object && Member(item, "entryId") is { ValueKind: JsonValueKind.String } id)
            {
                var status = Member(item, "status") is { ValueKind: JsonValueKind.String } text ? DaprMesh.Sidecar.Json.GoJsonText.Read(text) : null;
                verdicts[DaprMesh.Sidecar.Json.GoJsonText.Read(id)] = status switch
                {
                    "SUCCESS" => AppVerdict.Success,
                    "DROP" => AppVerdict.Drop,
                    _ => AppVerdict.Retry,
                };
            }
        }

        return verdicts;
    }

    private static string? Status(ReadOnlySpan<byte> body) =>
        Json.GoJson.TryParse(body, out var answer) && answer.ValueKind == JsonValueKind.Object
        && Member(answer, "status") is { ValueKind: JsonValueKind.String } status
            ? DaprMesh.Sidecar.Json.GoJsonText.Read(status)
            : null;

    private static JsonElement? Member(JsonElement target, string name)
    {
        foreach (var member in target.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value;
            }
        }

        return null;
    }
}
