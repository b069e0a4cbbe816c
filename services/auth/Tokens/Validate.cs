using System.Text.Json.Serialization;
using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Tokens;

/// <summary>
/// Says whether an access token counts now, and whose it is (after RFC 7662): to apps of the mesh and to services and administrators about any
/// token, to everybody else about their own.
/// </summary>
internal static class Validate
{
    /// <param name="Token">Empty: the one that the request itself carries.</param>
    public sealed record Request(string? Token = null) : IFormInput<Request>
    {
        public static Request Of(IFormCollection form) => new(form.One("token"));
    }

    public sealed record Answer(
        bool Active, string? Sub = null, string? Username = null, IReadOnlyList<string>? Roles = null, string? Sid = null, long? Exp = null,
        string? Iss = null, string? Aud = null, [property: JsonPropertyName("token_type")] string? TokenType = null);

    private static readonly Answer Inactive = new(false);

    public static async Task<Results<Ok<Answer>, ProblemHttpResult, EmptyHttpResult>> Handle(
        HttpContext http, CurrentUser caller, TokenInspector tokens, IOptions<AuthOptions> options, IOptions<IdentityOptions> identity, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var sent = await TokenAsync(http);
        if (sent is null || IsOwn(http, sent))
        {
            if (http.IdentityFailure() is not { } failure)
            {
                return TypedResults.Ok(Of(caller, identity.Value));
            }

            // Whoever sends no token at all is told to; whoever sends one that does not count hears just that.
            if (sent is null && !ReferenceEquals(failure, IdentityFailure.Invalid) && !ReferenceEquals(failure, IdentityFailure.Expired) && !ReferenceEquals(failure, IdentityFailure.Revoked))
            {
                await http.WriteIdentityFailureAsync(failure);
                return TypedResults.Empty;
            }

            return TypedResults.Ok(Inactive);
        }

        if (!MayAskAny(http, caller, options.Value))
        {
            if (http.IdentityFailure() is { } failure)
            {
                await http.WriteIdentityFailureAsync(failure);
                return TypedResults.Empty;
            }

            return Refusals.ToAnswer(Refusals.NotAllowed);
        }

        var (user, reason) = await tokens.InspectAsync(sent, ct);
        if (ReferenceEquals(reason, IdentityFailure.Unavailable))
        {
            await http.WriteIdentityFailureAsync(reason);
            return TypedResults.Empty;
        }

        return TypedResults.Ok(reason is null ? Of(user, identity.Value) : Inactive);
    }

    private static async ValueTask<string?> TokenAsync(HttpContext http) =>
        http.Request.ContentLength is 0 || http.Request.ContentType is null ? null
        : (await Input<Request>.BindAsync(http))?.Value.Token is { Length: > 0 } token ? token : null;

    private static bool IsOwn(HttpContext http, string token) =>
        http.Request.Headers.Authorization is [{ } header] && header.Length == "Bearer ".Length + token.Length
        && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && header.EndsWith(token, StringComparison.Ordinal);

    private static bool MayAskAny(HttpContext http, CurrentUser caller, AuthOptions options) =>
        http.CallingApp() is { } app && app != AppIds.Gateway && options.ValidateCallers.Contains(app)
        || caller.Roles.Contains(Roles.Service) || caller.Roles.Contains(Roles.Admin);

    private static Answer Of(CurrentUser user, IdentityOptions identity) => new(
        true, user.Id, user.Name, user.Roles, user.SessionId, user.ExpiresAt.ToUnixTimeSeconds(), identity.Issuer, identity.Audience, "Bearer");
}
