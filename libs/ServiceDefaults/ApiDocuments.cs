using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace DaprMesh.ServiceDefaults;

/// <summary>The service's OpenAPI document, and two ways to read it that need nothing from elsewhere. None of it is made before it is asked for.</summary>
internal static class ApiDocuments
{
    private const string Document = "/openapi.json";

    // Swagger UI and ReDoc put styles into the page and draw icons from data; scripts come from here alone.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
        "worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string ReDocPage =
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
            <title>%(DocumentTitle)</title>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link href="index.css" rel="stylesheet">
        </head>
        <body>
            <div id="redoc-container"></div>
            <script type="module" src="index.js"></script>
        </body>
        </html>
        """;

    /// <summary>The name under which the framework keeps the one document.</summary>
    private const string DocumentName = "v1";

    public static void AddApiDocuments(this WebApplicationBuilder builder)
    {
        var name = ServiceName.Of(builder).Value;
        builder.Services.Configure<OpenApiOptions>(DocumentName, api => api.CreateSchemaReferenceId = SchemaName);
        builder.Services.AddOpenApi(DocumentName, api => api
            .AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = name, Version = "1" };
                document.Servers?.Clear(); // the reader's own address, whichever way it came
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
                document.Components.SecuritySchemes["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" };
                return Task.CompletedTask;
            })
            .AddOperationTransformer((operation, context, _) =>
            {
                var metadata = context.Description.ActionDescriptor.EndpointMetadata;
                if ((metadata.OfType<IAuthorizeData>().Any() || metadata.OfType<AuthorizationPolicy>().Any()) && !metadata.OfType<IAllowAnonymous>().Any())
                {
                    operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
                    operation.Responses ??= [];
                    operation.Responses.TryAdd("401", new OpenApiResponse { Description = "No valid token" });
                    operation.Responses.TryAdd("403", new OpenApiResponse { Description = "A permission is missing" });
                }

                return Task.CompletedTask;
            }));
    }

    /// <summary>Use cases keep their types within them, under names such as Request, which only the outer name tells apart.</summary>
    private static string? SchemaName(JsonTypeInfo type) =>
        OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name && (Nullable.GetUnderlyingType(type.Type) ?? type.Type).DeclaringType is { } outer
            ? outer.Name + name
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    public static void MapApiDocuments(this WebApplication app, DefaultRoutes routes)
    {
        if (!routes.ApiDocuments)
        {
            return;
        }

        app.MapOpenApi(Document);
        var title = app.Services.GetRequiredService<ServiceName>().Value;
        Map(app, "docs", branch => branch.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "docs";
            ui.DocumentTitle = title;
            ui.SwaggerEndpoint(Document, title);
        }));
        Map(app, "redoc", branch => branch.UseReDoc(ui =>
        {
            ui.RoutePrefix = "redoc";
            ui.DocumentTitle = title;
            ui.SpecUrl = Document;
            ui.IndexStream = () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(ReDocPage)); // the package's own fetches fonts from elsewhere
        }));
    }

    private static void Map(WebApplication app, string prefix, Action<IApplicationBuilder> use)
    {
        var pages = new Lazy<RequestDelegate>(() =>
        {
            var branch = ((IApplicationBuilder)app).New();
            use(branch);
            return branch.Build();
        });
        app.MapMethods($"/{prefix}/{{**page}}", [HttpMethods.Get, HttpMethods.Head], http =>
        {
            http.SetEndpoint(null); // or the file server behind would leave the request to it
            http.Response.Headers.ContentSecurityPolicy = Policy;
            http.Response.Headers.XContentTypeOptions = "nosniff";
            return pages.Value(http);
        }).ExcludeFromDescription();
    }
}
