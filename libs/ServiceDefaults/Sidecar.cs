using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DaprMesh.ServiceDefaults;

internal static class Sidecar
{
    public static void AddSidecar(this WebApplicationBuilder builder) => builder.Services.AddDaprClient((provider, dapr) =>
        dapr.UseJsonSerializationOptions(provider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions));
}
