using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DaprMesh.Sidecar.Actors;

/// <summary>Which headers go on from the caller to the actor and back.</summary>
internal static class ActorHeaders
{
    private static readonly HashSet<string> OneHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Host", "Content-Length", "Date", "Server",
    };

    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        // A caller cannot say who it is; the sidecar does.
        "Dapr-Caller-App-Id", "Dapr-Caller-Namespace", "Dapr-API-Call", "X-Dapr-Remote", "dapr-api-token",
    };

    public static bool IsForwarded(string name) =>
        !OneHop.Contains(name) && !Own.Contains(name) && !name.StartsWith("dapr-internal-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Copies the answer's headers; without a content type it is JSON.</summary>
    public static void CopyAnswer(HttpResponseMessage from, HttpResponse to)
    {
        Copy(from.Headers.NonValidated, to.Headers);
        Copy(from.Content.Headers.NonValidated, to.Headers);
        if (!to.Headers.ContainsKey("Content-Type"))
        {
            to.ContentType = "application/json";
        }
    }

    private static void Copy(System.Net.Http.Headers.HttpHeadersNonValidated from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (!OneHop.Contains(name))
            {
                to[name] = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
            }
        }
    }
}
