using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>What the pipeline knows of a request and a handler may need; a feature of the request's context.</summary>
public sealed class ApiRequest(string path, long maxBodySize)
{
    /// <summary>The escaped path as it came, or as middleware has rewritten it, with its leading slash.</summary>
    public string RawPath { get; internal set; } = path;

    public long MaxBodySize { get; } = maxBodySize;

    /// <summary>Which attempt of an invocation this is, from 1.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>The request's span; null when it is not traced.</summary>
    public Activity? Span { get; set; }

    public static ApiRequest? Of(HttpContext http) => http.Features.Get<ApiRequest>();
}

/// <summary>The body is larger than <c>--max-body-size</c>. The APIs wrap this message each in its own way.</summary>
public sealed class BodyTooLargeException() : IOException("stream too large");
