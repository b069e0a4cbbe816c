using DaprMesh.Auth.Logins;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Auth.Sessions;

internal static class Refresh
{
    public sealed record Request(string? RefreshToken) : IFormInput<Request>
    {
        public static Request Of(IFormCollection form) => new(form.One("refreshToken") ?? form.One("refresh_token"));
    }

    public static async Task<Results<Ok<TokenAnswer>, ValidationProblem, ProblemHttpResult>> Handle(
        Input<Request> input, HttpContext http, RefreshSession refresh, TokenAnswers answers)
    {
        TokenAnswers.ForbidCaching(http);
        if (input.Value.RefreshToken is not { Length: > 0 } token)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["refreshToken"] = ["A refresh token is needed."] });
        }

        var outcome = await refresh.TryAsync(token, Origin.Of(http));
        return outcome.Value is { } granted ? TypedResults.Ok(answers.Of(granted)) : outcome.ToProblem(http);
    }
}
