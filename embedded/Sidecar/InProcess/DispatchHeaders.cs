using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DaprMesh.Sidecar.InProcess;

/// <summary>Headers between HttpClient's types and ASP.NET Core's, unvalidated both ways.</summary>
internal static class DispatchHeaders
{
    public static HeaderDictionary ToRequest(HttpRequestMessage request, Uri uri)
    {
        var headers = new HeaderDictionary(16);
        Copy(request.Headers, headers);
        if (request.Content is { } content)
        {
            // Asking for the length makes the content compute it, as HttpClient does before it sends.
            var length = content.Headers.ContentLength;
            Copy(content.Headers, headers);
            if (length is { } known)
            {
                headers.ContentLength = known;
            }
            else
            {
                headers["Transfer-Encoding"] = "chunked";
            }
        }

        if (!headers.ContainsKey("Host"))
        {
            headers["Host"] = uri.Authority;
        }

        return headers;
    }

    public static void ToResponse(IHeaderDictionary headers, HttpResponseMessage response)
    {
        foreach (var (name, values) in headers)
        {
            if (values.Count == 1)
            {
                if (!response.Headers.TryAddWithoutValidation(name, values[0]))
                {
                    response.Content.Headers.TryAddWithoutValidation(name, values[0]);
                }
            }
            else if (!response.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                response.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }

    private static void Copy(HttpHeaders from, HeaderDictionary to)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            to[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
        }
    }
}
