using DaprMesh.Auth.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Auth.Logins;

/// <summary>Logs in by password or by access code.</summary>
internal static class Login
{
    /// <param name="Username">The user name or the e-mail address.</param>
    /// <param name="AccessCode">In place of name and password.</param>
    public sealed record Request(string? Username = null, string? Password = null, string? AccessCode = null, string? Email = null, string? Code = null)
        : IFormInput<Request>
    {
        public static Request Of(IFormCollection form) => new(
            form.One("username"), form.One("password"), form.One("accessCode") ?? form.One("access_code"), form.One("email"), form.One("code"));
    }

    public static async Task<Results<Ok<TokenAnswer>, ValidationProblem, ProblemHttpResult>> Handle(
        Input<Request> input, HttpContext http, PasswordLogin passwords, CodeLogin codes, TokenAnswers answers, CancellationToken ct)
    {
        TokenAnswers.ForbidCaching(http);
        var request = input.Value;
        var name = request.Username ?? request.Email;
        Outcome<Granted> outcome;
        if ((request.AccessCode ?? request.Code) is { Length: > 0 } code && name is null && request.Password is null)
        {
            outcome = await codes.TryAsync(code, Origin.Of(http), ct);
        }
        else if (name is { Length: > 0 } && request.Password is { Length: > 0 } password)
        {
            outcome = await passwords.TryAsync(name, password, Origin.Of(http), ct);
        }
        else
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]>
            {
                ["username"] = ["Send username and password, or accessCode alone."],
            });
        }

        return outcome.Value is { } granted ? TypedResults.Ok(answers.Of(granted)) : outcome.ToProblem(http);
    }
}
