using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>The caller has a permission, or is the one that a value of the route names.</summary>
/// <param name="routeValue">Null: nobody gets in without the permission.</param>
internal sealed class PermissionRequirement(string permission, string? routeValue) : AuthorizationHandler<PermissionRequirement>, IAuthorizationRequirement
{
    public string Permission => permission;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.Resource is HttpContext http && (IsSelf(http) || http.CurrentUser().Has(permission)))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    private bool IsSelf(HttpContext http) =>
        routeValue is not null && http.CurrentUser() is { IsAuthenticated: true } user && string.Equals(http.GetRouteValue(routeValue) as string, user.Id, StringComparison.Ordinal);
}

/// <summary>The call comes from the own sidecar: a topic, a job, a binding or an actor's, or what certain other apps ask.</summary>
/// <param name="callers">The app-ids that may call; empty: the sidecar itself, and no app through it.</param>
internal sealed class CallerRequirement(IReadOnlyList<string> callers) : AuthorizationHandler<CallerRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, CallerRequirement requirement)
    {
        if (context.Resource is HttpContext http && http.RequestServices.GetRequiredService<SidecarToken>().IsSidecar(http) && IsExpected(http))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    private bool IsExpected(HttpContext http)
    {
        var names = http.Request.Headers.GetCommaSeparatedValues(SidecarToken.CallerHeader);
        if (callers.Count == 0)
        {
            return names.Length == 0; // a call of an app carries the app's name
        }

        // A caller may have written a name itself, and its sidecar another one beside it.
        return names.Length > 0 && names.All(name => name == names[0]) && callers.Contains(names[0]);
    }
}
