using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>A request that matched a route of the Dapr API.</summary>
public sealed class ApiCall(HttpContext http, Route route, string[] values)
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    public HttpContext Http { get; } = http;

    public Route Route { get; } = route;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>A path parameter, query-unescaped as daprd does it: <c>%2F</c> is a slash and <c>+</c> a space.</summary>
    public string this[string parameter]
    {
        get
        {
            var names = Route.Parameters;
            for (var i = 0; i < names.Length; i++)
            {
                if (names[i] == parameter)
                {
                    return values[i];
                }
            }

            throw new ArgumentException($"Route {Route.Template} has no parameter {parameter}.", nameof(parameter));
        }
    }

    /// <summary>The query's <c>metadata.*</c> entries without that prefix; of repeated names the first wins.</summary>
    public IReadOnlyDictionary<string, string> Metadata()
    {
        if (!Http.Request.QueryString.HasValue)
        {
            return NoMetadata;
        }

        Dictionary<string, string>? metadata = null;
        foreach (var (name, value) in QueryText.Parse(Http.Request.QueryString.Value))
        {
            if (name.StartsWith("metadata.", StringComparison.Ordinal))
            {
                (metadata ??= new(StringComparer.Ordinal)).TryAdd(name["metadata.".Length..], value);
            }
        }

        return metadata ?? NoMetadata;
    }

    /// <summary>The first value of a query parameter, or null.</summary>
    public string? Query(string name)
    {
        foreach (var (key, value) in QueryText.Parse(Http.Request.QueryString.Value))
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }

    public IEnumerable<string> QueryAll(string name) =>
        QueryText.Parse(Http.Request.QueryString.Value).Where(pair => pair.Key == name).Select(pair => pair.Value);

    /// <summary>The whole body. A body over the limit becomes the answer daprd gives for one.</summary>
    public ValueTask<byte[]> ReadBodyAsync() => BodyReader.ReadAsync(Http.Request, Aborted);

    public void NoContent() => Http.Response.StatusCode = StatusCodes.Status204NoContent;

    public Task JsonAsync(ReadOnlyMemory<byte> utf8Json, int status = StatusCodes.Status200OK)
    {
        var response = Http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = utf8Json.Length;
        return response.BodyWriter.WriteAsync(utf8Json, Aborted).AsTask();
    }

    public Task JsonAsync(System.Text.Json.Nodes.JsonNode node, int status = StatusCodes.Status200OK) =>
        JsonAsync(JsonSerializer.SerializeToUtf8Bytes(node, JsonText.Options), status);
}
