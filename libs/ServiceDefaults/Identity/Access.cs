using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Who may use a route. <c>RequireAuthorization()</c> asks for any valid token.</summary>
public static class Access
{
    /// <summary>Only users one of whose roles grants the permission.</summary>
    public static T RequirePermission<T>(this T route, string permission) where T : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrEmpty(permission);
        return route.RequireAuthorization(User(new PermissionRequirement(permission, null)));
    }

    /// <summary>The user whose id stands in the route, and those who have the permission.</summary>
    /// <param name="routeValue">The name in the route's pattern: <c>id</c> for <c>/users/{id}</c>.</param>
    public static T RequireSelfOr<T>(this T route, string permission, string routeValue) where T : IEndpointConventionBuilder
    {
        ArgumentException.ThrowIfNullOrEmpty(permission);
        ArgumentException.ThrowIfNullOrEmpty(routeValue);
        return route.RequireAuthorization(User(new PermissionRequirement(permission, routeValue)));
    }

    /// <summary>Only these apps, through the own sidecar.</summary>
    public static T RequireCaller<T>(this T route, params string[] appIds) where T : IEndpointConventionBuilder
    {
        ArgumentOutOfRangeException.ThrowIfZero(appIds?.Length ?? 0, nameof(appIds));
        return route.RequireAuthorization(new AuthorizationPolicyBuilder().AddRequirements(new CallerRequirement(appIds!)).Build()); // not null, or its length would be 0
    }

    /// <summary>Only the own sidecar: for topics, jobs and bindings. What apps send through it is refused.</summary>
    public static T RequireSidecar<T>(this T route) where T : IEndpointConventionBuilder =>
        route.RequireAuthorization(new AuthorizationPolicyBuilder().AddRequirements(new CallerRequirement([])).Build());

    /// <summary>Who calls.</summary>
    public static CurrentUser CurrentUser(this HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return (http.Features.Get<Identified>() ?? Identified.WithoutToken).User;
    }

    /// <summary>The app that calls through the own sidecar; null: it is none, or nothing proves it.</summary>
    public static string? CallingApp(this HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.RequestServices.GetRequiredService<SidecarToken>().CallerOf(http);
    }

    /// <summary>Why nobody is known to call; null: somebody is.</summary>
    public static IdentityFailure? IdentityFailure(this HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return (http.Features.Get<Identified>() ?? Identified.WithoutToken).Failure;
    }

    private static AuthorizationPolicy User(IAuthorizationRequirement requirement) =>
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(requirement).Build();
}
