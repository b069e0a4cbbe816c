using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Turns a refusal into an answer: 401 with the reason, 403 with what is missing, 503 when nobody can tell.</summary>
internal sealed class IdentityAnswers : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }

        if (policy.Requirements.OfType<CallerRequirement>().Any() && !policy.Requirements.OfType<PermissionRequirement>().Any())
        {
            return CallerAsync(context);
        }

        return context.IdentityFailure() is { } failure
            ? context.WriteIdentityFailureAsync(failure)
            : ForbiddenAsync(context, policy.Requirements.OfType<PermissionRequirement>().FirstOrDefault()?.Permission);
    }

    private static Task CallerAsync(HttpContext http) => http.RequestServices.GetRequiredService<SidecarToken>().IsSet
        ? http.WriteProblemAsync(StatusCodes.Status403Forbidden, "caller.not-allowed", "This route is for certain apps of the mesh, through their sidecars.")
        : http.WriteProblemAsync(
            StatusCodes.Status503ServiceUnavailable, "caller.unknown", "This service cannot tell its sidecar from others: set APP_API_TOKEN for both.");

    private static Task ForbiddenAsync(HttpContext http, string? permission) => http.WriteProblemAsync(
        StatusCodes.Status403Forbidden, "permission.missing",
        permission is null ? "You may not do this." : $"This needs the permission {permission}.",
        permission is null ? null : new Dictionary<string, object?> { ["permission"] = permission });
}

/// <summary>The answer to a token that does not count, for those who look at tokens themselves.</summary>
public static class IdentityFailureAnswers
{
    private const string RetryAfterSeconds = "1";

    /// <summary>Answers 401 with the reason in <c>WWW-Authenticate</c> (RFC 6750), or 503 when this service cannot tell.</summary>
    public static Task WriteIdentityFailureAsync(this HttpContext http, IdentityFailure failure)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(failure);
        if (ReferenceEquals(failure, IdentityFailure.Unavailable))
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
            return http.WriteProblemAsync(StatusCodes.Status503ServiceUnavailable, failure.Code, failure.Sentence);
        }

        http.Response.Headers.WWWAuthenticate = ReferenceEquals(failure, IdentityFailure.Missing)
            ? IdentityOptions.Scheme
            : $"{IdentityOptions.Scheme} error=\"invalid_token\", error_description=\"{failure.Sentence}\"";
        return http.WriteProblemAsync(StatusCodes.Status401Unauthorized, failure.Code, failure.Sentence);
    }
}
