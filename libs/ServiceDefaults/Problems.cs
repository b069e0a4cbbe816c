using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.ServiceDefaults;

/// <summary>Errors as <c>application/problem+json</c> with a stable <c>code</c> and the trace's id.</summary>
public static class Problems
{
    /// <summary>Answers with a problem.</summary>
    /// <param name="code">Stable, for programs.</param>
    /// <param name="sentence">For a person.</param>
    /// <param name="more">Further members of the document.</param>
    public static async Task WriteProblemAsync(this HttpContext http, int status, string code, string sentence, IReadOnlyDictionary<string, object?>? more = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.StatusCode = status;
        var problem = new ProblemDetails { Status = status, Detail = sentence };
        problem.Extensions["code"] = code;
        foreach (var (name, value) in more ?? new Dictionary<string, object?>())
        {
            problem.Extensions[name] = value;
        }

        var context = new ProblemDetailsContext { HttpContext = http, ProblemDetails = problem };
        if (!await http.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(context))
        {
            // Whoever does not ask for JSON, a browser, is better off with it than with nothing.
            Complete(context);
            await http.Response.WriteAsJsonAsync(problem, DefaultsJson.Default.ProblemDetails, "application/problem+json", http.RequestAborted);
        }
    }

    internal static void AddProblems(this WebApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Complete);
        builder.Services.AddExceptionHandler<BadRequests>();
        builder.Services.AddExceptionHandler<Outages>();

        // The handler above says what is wrong with a request, in every environment.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    internal static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }

    /// <summary>Nothing of an exception gets into a document; its trace id leads to the log.</summary>
    private static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
        problem.Extensions.TryAdd("code", Code(problem.Status ?? context.HttpContext.Response.StatusCode));
    }

    private static string Code(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "request.invalid",
        StatusCodes.Status401Unauthorized => "token.missing",
        StatusCodes.Status404NotFound => "route.not-found",
        StatusCodes.Status405MethodNotAllowed => "method.not-allowed",
        StatusCodes.Status413PayloadTooLarge => "body.too-large",
        StatusCodes.Status415UnsupportedMediaType => "media-type.unsupported",
        StatusCodes.Status422UnprocessableEntity => "request.unprocessable",
        StatusCodes.Status429TooManyRequests => "rate.limited",
        StatusCodes.Status503ServiceUnavailable => "service.unavailable",
        >= 500 => "error.unexpected",
        _ => "request.refused",
    };
}
