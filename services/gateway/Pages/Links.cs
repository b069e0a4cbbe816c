using System.Text;
using System.Text.Encodings.Web;
using DaprMesh.Gateway.Routing;

namespace DaprMesh.Gateway.Pages;

/// <summary>The first page: what there is and where. For browsers as HTML, for programs as JSON.</summary>
internal static class Links
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#222}h1{font-weight:600}"
        + "td,th{text-align:left;padding:.2rem 1.5rem .2rem 0}a{color:#0b5cad}code{background:#f2f2f2;padding:.1rem .3rem;border-radius:3px}"
        + "@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}a{color:#7ab8ff}code{background:#2a2a2a}}";

    private static readonly Link[] Own =
    [
        new("/docs/api/", "Every operation of every service, to read and to try"),
        new("/openapi.json", "The same as an OpenAPI document"),
        new("/health", "How every service is"),
        new("/docs/", "Documentation"),
    ];

    public static void MapLinks(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", (HttpContext http, RouteTable routes) => Page(http, routes, "DaprMesh")).WithMetadata(new GivesWay()).ExcludeFromDescription();
        app.MapGet("/docs/", (HttpContext http, RouteTable routes) => Page(http, routes, "Documentation")).WithMetadata(new GivesWay()).ExcludeFromDescription();
    }

    private static IResult Page(HttpContext http, RouteTable routes, string title)
    {
        http.Response.Headers.Vary = "Accept";
        if (!http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return TypedResults.Ok(new Overview("gateway", Own, [.. Prefixes(routes)]));
        }

        http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.PagePolicy;
        return TypedResults.Content(Html(title, routes), "text/html; charset=utf-8");
    }

    private static IEnumerable<Prefix> Prefixes(RouteTable routes) =>
        routes.Routes.OrderBy(route => route.Prefix, StringComparer.Ordinal).Select(route => new Prefix(route.Prefix + "/", route.App));

    private static string Html(string title, RouteTable routes)
    {
        static string Safe(string text) => HtmlEncoder.Default.Encode(text);
        var page = new StringBuilder(
            $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{Style}</style></head><body><main><h1>{title}</h1><ul>");
        foreach (var link in Own)
        {
            page.Append("<li><a href=\"").Append(link.Href).Append("\">").Append(link.Href).Append("</a> ").Append(Safe(link.Text)).Append("</li>");
        }

        page.Append("</ul><h2>Services</h2><table><tr><th>path</th><th>service</th></tr>");
        foreach (var prefix in Prefixes(routes))
        {
            page.Append("<tr><td><code>").Append(Safe(prefix.Path)).Append("</code></td><td>").Append(Safe(prefix.App)).Append("</td></tr>");
        }

        return page.Append("</table></main></body></html>").ToString();
    }
}

/// <summary>The first page for programs.</summary>
internal sealed record Overview(string Service, IReadOnlyList<Link> Links, IReadOnlyList<Prefix> Routes);

internal sealed record Link(string Href, string Text);

internal sealed record Prefix(string Path, string App);
