namespace DaprMesh.Sidecar.Middleware;

/// <summary>A request and its answer as middleware sees them, the same toward the API and toward the app.</summary>
internal sealed class MiddlewareExchange(string path, string query, string? remoteAddress, Func<string, string?> header)
{
    private List<KeyValuePair<string, string>>? _responseHeaders;

    /// <summary>The escaped path with its leading slash.</summary>
    public string Path { get; private set; } = path;

    /// <summary>With its question mark, or empty.</summary>
    public string Query { get; private set; } = query;

    public bool IsRewritten { get; private set; }

    /// <summary>The other side as <c>address:port</c>; null toward the app.</summary>
    public string? RemoteAddress { get; } = remoteAddress;

    public IReadOnlyList<KeyValuePair<string, string>> ResponseHeaders => _responseHeaders ?? [];

    /// <summary>What the answer is when the request does not go on.</summary>
    public (int Status, string Text)? Refusal { get; private set; }

    /// <summary>Applied to every byte of the request's body.</summary>
    public Func<byte, byte>? RequestBytes { get; set; }

    /// <summary>Applied to every byte of the answer's body.</summary>
    public Func<byte, byte>? ResponseBytes { get; set; }

    public string? Header(string name) => header(name);

    public void Rewrite(string path, string query)
    {
        (Path, Query, IsRewritten) = (path, query, true);
    }

    public void AddResponseHeader(string name, string value) => (_responseHeaders ??= []).Add(KeyValuePair.Create(name, value));

    public void Refuse(int status, string text) => Refusal = (status, text);
}
