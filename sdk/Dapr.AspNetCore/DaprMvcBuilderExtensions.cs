using Dapr.AspNetCore;
using Dapr.Client;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Dapr to controllers.</summary>
public static class DaprMvcBuilderExtensions
{
    /// <summary>Adds the client and the binding of <see cref="FromStateAttribute"/> and <c>StateEntry</c> parameters.</summary>
    public static IMvcBuilder AddDapr(this IMvcBuilder builder, Action<DaprClientBuilder>? configureClient = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDaprClient(configureClient);
        if (builder.Services.Any(service => service.ImplementationType == typeof(StateEntryApplicationModelProvider)))
            return builder;

        builder.Services.TryAddEnumerable(ServiceDescriptor.Transient<IApplicationModelProvider, StateEntryApplicationModelProvider>());
        builder.Services.Configure<MvcOptions>(options => options.ModelBinderProviders.Insert(0, new StateEntryModelBinderProvider()));
        return builder;
    }
}
