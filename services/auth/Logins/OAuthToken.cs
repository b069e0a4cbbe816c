using DaprMesh.Auth.Sessions;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Auth.Logins;

/// <summary>The token endpoint of OAuth 2.0: the grants password and refresh_token, as forms.</summary>
internal static class OAuthToken
{
    private const string Form = "application/x-www-form-urlencoded";

    public static async Task<Results<Ok<OAuthAnswer>, JsonHttpResult<OAuthError>>> Handle(
        HttpContext http, PasswordLogin passwords, RefreshSession refresh, TokenAnswers answers, CancellationToken ct)
    {
        TokenAnswers.ForbidCaching(http);
        if (http.Request.ContentType?.StartsWith(Form, StringComparison.OrdinalIgnoreCase) != true)
        {
            return Error("invalid_request", $"The body has to be a form: Content-Type {Form}.");
        }

        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(ct);
        }
        catch (InvalidDataException)
        {
            return Error("invalid_request", "The form cannot be read.");
        }

        if (form.FirstOrDefault(field => field.Value.Count > 1).Key is not null)
        {
            return Error("invalid_request", "A field is there more than once.");
        }

        Outcome<Granted> outcome;
        switch (form.One("grant_type") ?? "password") // as clients of the first version do, which leave it out
        {
            case "password" when form.One("username") is { } username && form.One("password") is { } password:
                outcome = await passwords.TryAsync(username, password, Origin.Of(http), ct);
                break;
            case "refresh_token" when form.One("refresh_token") is { } token:
                outcome = await refresh.TryAsync(token, Origin.Of(http));
                break;
            case "password" or "refresh_token":
                return Error("invalid_request", "A field is missing: username and password, or refresh_token.");
            default:
                return Error("unsupported_grant_type", "The grants here are password and refresh_token.");
        }

        if (outcome.Value is { } granted)
        {
            return TypedResults.Ok(answers.OAuthOf(granted));
        }

        var refusal = outcome.ToProblem(http).ProblemDetails.Detail ?? "";
        return outcome.Refusal is { Kind: RefusalKind.TooMany }
            ? Error("temporarily_unavailable", refusal, StatusCodes.Status429TooManyRequests)
            : Error("invalid_grant", refusal);
    }

    private static JsonHttpResult<OAuthError> Error(string code, string sentence, int status = StatusCodes.Status400BadRequest) =>
        TypedResults.Json(new OAuthError(code, sentence), AuthJson.Default.OAuthError, statusCode: status);
}
