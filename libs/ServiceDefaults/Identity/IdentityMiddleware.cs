using Microsoft.AspNetCore.Http;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Finds out at the beginning of each request who it comes from. It refuses nobody: that is for the routes to say.</summary>
internal sealed class IdentityMiddleware(RequestDelegate next, Authenticator authenticator)
{
    public Task InvokeAsync(HttpContext http)
    {
        var identified = authenticator.IdentifyAsync(http);
        return identified.IsCompletedSuccessfully ? Continue(http, identified.Result) : ContinueAsync(http, identified);
    }

    private async Task ContinueAsync(HttpContext http, ValueTask<Identified> identified) => await Continue(http, await identified);

    private Task Continue(HttpContext http, Identified identified)
    {
        if (!ReferenceEquals(identified, Identified.WithoutToken))
        {
            http.Features.Set(identified);
        }

        if (identified.Principal is { } principal)
        {
            http.User = principal;
        }

        return next(http);
    }
}
