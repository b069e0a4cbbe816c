using System.Net;
using System.Text.Json;
using Dapr.Common.Exceptions;

namespace Dapr.Common;

/// <summary>The error body of the sidecar's HTTP API: <c>{"errorCode","message","details"?}</c>.</summary>
internal sealed record SidecarError(HttpStatusCode Status, string? ErrorCode, string Message, DaprExtendedErrorInfo? Info)
{
    // Enough for every error the sidecar writes; an app's answer passed on by it may be of any size.
    private const int LongestText = 4096;

    public static async Task<SidecarError> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Parse(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));

    public static SidecarError Parse(HttpStatusCode status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement is { ValueKind: JsonValueKind.Object } root)
            {
                var message = Text(root, "message");
                var info = root.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Array
                    ? new DaprExtendedErrorInfo(GrpcCode(status), message) { Details = [.. details.EnumerateArray().Select(ErrorDetails.Read)] }
                    : null;
                return new SidecarError(status, Text(root, "errorCode") is { Length: > 0 } code ? code : null, message, info);
            }
        }
        catch (JsonException)
        {
            // Not every refusal is JSON: a wrong token is answered with plain text.
        }

        var text = System.Text.Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, LongestText)]).Trim();
        return new SidecarError(status, null, text, null);
    }

    public override string ToString()
    {
        var text = Message.Length > 0 ? Message : "the sidecar gave no reason";
        return ErrorCode is null ? $"{text} (HTTP {(int)Status})" : $"{text} ({ErrorCode}, HTTP {(int)Status})";
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

    // DaprExtendedErrorInfo.Code is a gRPC status code in the package.
    private static int GrpcCode(HttpStatusCode status) => (int)status switch
    {
        400 => 3,
        401 => 16,
        403 => 7,
        404 => 5,
        409 => 10,
        429 => 8,
        500 => 13,
        501 => 12,
        503 => 14,
        504 => 4,
        _ => 2,
    };
}
