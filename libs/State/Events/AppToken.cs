using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DaprMesh.State.Events;

/// <summary>Lets only the sidecar in: it knows the token that the app was given as <c>APP_API_TOKEN</c>.</summary>
internal static class AppToken
{
    private const string Setting = "APP_API_TOKEN";

    /// <summary>False: the call was refused, and answered.</summary>
    public static async Task<bool> CheckAsync(HttpContext http)
    {
        if (http.Request.Headers.ContainsKey("dapr-caller-app-id"))
        {
            // The sidecar brings another app's call under the same token, but with the app's name.
            await RefuseAsync(http, StatusCodes.Status403Forbidden, "caller.not-allowed", "Only the sidecar itself may call this.");
            return false;
        }

        var token = http.RequestServices.GetRequiredService<IConfiguration>()[Setting];
        if (string.IsNullOrEmpty(token))
        {
            var isTrusted = http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
                && http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
            if (!isTrusted)
            {
                await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, "app-token.missing", $"Set {Setting} for the app and its sidecar.");
            }

            return isTrusted;
        }

        var sent = http.Request.Headers["dapr-api-token"].ToString();
        if (CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(sent)), SHA256.HashData(Encoding.UTF8.GetBytes(token))))
        {
            return true;
        }

        await RefuseAsync(http, StatusCodes.Status401Unauthorized, "caller.not-allowed", "Only the sidecar may call this.");
        return false;
    }

    private static Task RefuseAsync(HttpContext http, int status, string code, string detail) => TypedResults
        .Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code })
        .ExecuteAsync(http);
}
