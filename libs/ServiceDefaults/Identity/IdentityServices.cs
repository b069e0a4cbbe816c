using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

internal static class IdentityServices
{
    public static void AddIdentity(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, IdentityAnswers>();
        services.AddSingleton<SidecarToken>();
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton(provider => new TokenInspector(provider.GetRequiredService<Authenticator>()));
        services.AddSingleton<SecurityFeedClient>();
        services.AddHostedService(provider => provider.GetRequiredService<SecurityFeedClient>());
        services.TryAddSingleton<ISecurityFeedSource, SidecarFeedSource>();
        services.AddScoped(provider => provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.CurrentUser() ?? CurrentUser.Nobody);
    }
}
