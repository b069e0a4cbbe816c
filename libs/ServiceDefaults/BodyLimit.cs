using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DaprMesh.ServiceDefaults;

/// <summary>A cap on the size of bodies. Kestrel has one; a request that reaches the service without a server in between needs one, too.</summary>
internal static class BodyLimit
{
    public static void AddBodyLimit(this WebApplicationBuilder builder) => builder.Services
        .AddOptions<KestrelServerOptions>()
        .Configure<IOptions<ServiceOptions>>((kestrel, service) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = service.Value.MaxBodySize;
        });

    public static void UseBodyLimit(this WebApplication app)
    {
        var standard = app.Services.GetRequiredService<IOptions<ServiceOptions>>().Value.MaxBodySize;
        app.Use((http, next) =>
        {
            var limit = http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is { } own ? own.MaxRequestBodySize : standard;
            if (limit is not { } most)
            {
                return next(http);
            }

            if (http.Request.ContentLength > most)
            {
                throw new Microsoft.AspNetCore.Http.BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
            }

            if (http.Request.ContentLength is null && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is null
                && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
            {
                http.Request.Body = new LimitedStream(http.Request.Body, most);
            }

            return next(http);
        });
    }
}
