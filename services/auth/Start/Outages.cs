using DaprMesh.Auth.Logins;
using DaprMesh.Auth.Passwords;
using DaprMesh.Auth.Storage;
using DaprMesh.ServiceDefaults;
using Microsoft.AspNetCore.Diagnostics;

namespace DaprMesh.Auth.Start;

/// <summary>What passes by itself is answered 503: the same request may be sent again.</summary>
internal sealed class Outages(ILogger<Outages> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (code, sentence) = exception switch
        {
            TooManyPasswordsException => ("passwords.busy", "Too many passwords wait to be checked. Try again shortly."),
            UsersUnavailableException => ("users.unavailable", "Access codes cannot be checked at the moment. Try again shortly."),
            DatabaseUnavailableException or System.Data.Common.DbException => ("database.unavailable", "The service is busy. Try again shortly."),
            _ => (null, null),
        };
        if (code is null || sentence is null || httpContext.Response.HasStarted)
        {
            return false;
        }

        if (exception is not TooManyPasswordsException)
        {
            log.Outage(code, exception);
        }

        httpContext.Response.Headers.RetryAfter = "1";
        await httpContext.WriteProblemAsync(StatusCodes.Status503ServiceUnavailable, code, sentence);
        return true;
    }
}
