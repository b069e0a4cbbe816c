using Microsoft.Extensions.Hosting;

namespace DaprMesh.ServiceDefaults;

/// <summary>The service's app-id: in logs, spans and documents.</summary>
internal sealed record ServiceName(string Value)
{
    public static ServiceName Of(IHostApplicationBuilder builder) =>
        new(builder.Configuration["APP_ID"] is { Length: > 0 } appId ? appId : builder.Environment.ApplicationName);
}
