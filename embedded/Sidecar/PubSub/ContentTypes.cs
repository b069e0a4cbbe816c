namespace DaprMesh.Sidecar.PubSub;

/// <summary>Content types as daprd tells them apart: parameters are allowed, <c>+json</c> suffixes mean nothing.</summary>
internal static class ContentTypes
{
    public const string CloudEvent = "application/cloudevents+json";

    public static bool IsJson(string contentType) => Is(contentType, "application/json");

    public static bool IsCloudEvent(string contentType) => Is(contentType, CloudEvent);

    public static bool IsText(string contentType) =>
        contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || Is(contentType, "application/xml");

    public static bool IsOctetStream(string contentType) => Is(contentType, "application/octet-stream");

    /// <summary>What an envelope carries as <c>data_base64</c>.</summary>
    public static bool IsBinary(string contentType) => IsOctetStream(contentType) || Is(contentType, "application/cloudevents+protobuf");

    private static bool Is(string contentType, string expected)
    {
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType.AsSpan(0, end)).Equals(expected, StringComparison.OrdinalIgnoreCase);
    }
}
