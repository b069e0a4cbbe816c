using Dapr;
using Dapr.AspNetCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Authentication;

/// <summary>Adds the check of the token that the sidecar sends to the app.</summary>
public static class DaprAuthenticationBuilderExtensions
{
    /// <summary>Adds the scheme <c>Dapr</c> with the token of <c>APP_API_TOKEN</c>.</summary>
    public static AuthenticationBuilder AddDapr(this AuthenticationBuilder builder) => AddDapr(builder, configureOptions: null!);

    /// <summary>Adds the scheme <c>Dapr</c>; the options may set another token than <c>APP_API_TOKEN</c>.</summary>
    public static AuthenticationBuilder AddDapr(this AuthenticationBuilder builder, Action<DaprAuthenticationOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IConfigureOptions<DaprAuthenticationOptions>>(provider =>
            new ConfigureNamedOptions<DaprAuthenticationOptions>(
                DaprAuthenticationOptions.DefaultScheme,
                options => options.Token = DaprDefaults.GetDefaultAppApiToken(provider.GetService<IConfiguration>())));
        return builder.AddScheme<DaprAuthenticationOptions, DaprAuthenticationHandler>(DaprAuthenticationOptions.DefaultScheme, configureOptions);
    }
}
