using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace DaprMesh.Sidecar.Observability;

/// <summary>Names and attributes of spans, as daprd gives them.</summary>
internal static class ApiSpan
{
    public static void Describe(Activity span, HttpContext http, string path)
    {
        var request = http.Request;
        foreach (var (name, values) in request.Headers)
        {
            if (name.StartsWith("dapr-", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("dapr-api-token", StringComparison.OrdinalIgnoreCase))
            {
                span.SetTag(name.ToLowerInvariant(), values[^1]);
            }
        }

        var api = request.Method + " " + path;
        span.SetTag("dapr.protocol", "http");
        span.SetTag("dapr.api", api);
        span.SetTag("http.request.method", request.Method);
        span.SetTag("url.full", path + request.QueryString);
        span.SetTag("server.address", http.Connection.RemoteIpAddress?.ToString());
        span.SetTag("server.port", http.Connection.RemotePort.ToString(CultureInfo.InvariantCulture));
        DescribeBuildingBlock(span, path.Trim('/').Split('/'), api);
    }

    public static void DescribeCallback(Activity span, string name)
    {
        if (name.StartsWith("pubsub/", StringComparison.Ordinal))
        {
            span.SetTag("messaging.system", "pubsub");
            span.SetTag("messaging.destination.name", name["pubsub/".Length..]);
        }
        else if (name.StartsWith("bindings/", StringComparison.Ordinal))
        {
            span.SetTag("db.system", "bindings");
            span.SetTag("db.name", name["bindings/".Length..]);
            span.SetTag("db.connection_string", "POST /" + name["bindings/".Length..]);
            span.SetTag("rpc.service", "Dapr");
        }
    }

    public static void SetStatus(Activity span, int status)
    {
        span.SetTag("dapr.status_code", status.ToString(CultureInfo.InvariantCulture));
        if (status >= StatusCodes.Status400BadRequest)
        {
            var reason = ReasonPhrases.GetReasonPhrase(status);
            span.SetStatus(ActivityStatusCode.Error, $"Code({status}): {(reason.Length > 0 ? reason : "Unknown")}");
        }
    }

    private static void DescribeBuildingBlock(Activity span, string[] path, string api)
    {
        switch (path)
        {
            case [_, "state" or "secrets" or "bindings", var name, ..]:
                DescribeStore(span, path[1], name, api);
                break;
            case [_, "publish", "bulk", _, .. var topic] when topic.Length > 0:
                DescribeTopic(span, topic);
                break;
            case [_, "publish", _, .. var topic] when topic.Length > 0:
                DescribeTopic(span, topic);
                break;
            case [_, "invoke", var appId, "method", .. var method]:
                span.DisplayName = $"CallLocal/{appId}/{string.Join('/', method)}";
                span.SetTag("rpc.service", "ServiceInvocation");
                span.SetTag("net.peer.name", appId);
                break;
            case [_, "actors", var type, var id, "method", var method, ..]:
                span.DisplayName = $"CallActor/{type}/{method}";
                span.SetTag("dapr.actor", $"{type}.{id}");
                span.SetTag("rpc.service", "ServiceInvocation");
                span.SetTag("net.peer.name", $"{type}.{id}");
                break;
            case [_, "actors", var type, var id, "state", ..]:
                span.SetTag("dapr.actor", $"{type}.{id}");
                DescribeStore(span, "state", "actor", api);
                break;
        }
    }

    private static void DescribeStore(Activity span, string system, string name, string api)
    {
        span.SetTag("db.system", system);
        span.SetTag("db.connection_string", system);
        span.SetTag("db.statement", api);
        span.SetTag("db.name", name);
    }

    private static void DescribeTopic(Activity span, string[] topic)
    {
        span.SetTag("messaging.system", "pubsub");
        span.SetTag("messaging.destination.name", string.Join('/', topic));
    }
}
