using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.ServiceDefaults;

/// <summary>Says what is wrong with a request that cannot be read, and where.</summary>
internal sealed class BadRequests : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad || httpContext.Response.HasStarted)
        {
            return false;
        }

        var (code, sentence) = bad.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => ("body.too-large", "The body is too large."),
            StatusCodes.Status415UnsupportedMediaType => ("media-type.unsupported", "The body has to be JSON: Content-Type application/json."),
            StatusCodes.Status408RequestTimeout => ("request.slow", "The body took too long."),
            _ => ("request.malformed", Malformed(bad)),
        };
        await httpContext.WriteProblemAsync(bad.StatusCode, code, sentence);
        return true;
    }

    /// <summary>The serializer's own words name types of the program; the place is what helps.</summary>
    private static string Malformed(BadHttpRequestException bad) => bad.InnerException switch
    {
        JsonException { Path: { } path, LineNumber: { } line } json => string.Create(
            CultureInfo.InvariantCulture,
            $"The body is not the JSON that is expected here: see {path}, line {line + 1}, byte {(json.BytePositionInLine ?? 0) + 1}."),
        JsonException => "The body is not the JSON that is expected here.",
        null => bad.Message,
        _ => "The request cannot be read.",
    };
}
