using System.Text.Json.Serialization;

namespace DaprMesh.Auth.Logins;

/// <summary>The answer to a login and to a refresh.</summary>
public sealed record TokenAnswer(
    string AccessToken, string TokenType, int ExpiresIn, string RefreshToken, string SessionId, string UserId, IReadOnlyList<string> Roles);

/// <summary>The same in the form of OAuth 2.0 (RFC 6749, 5.1).</summary>
public sealed record OAuthAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("refresh_token")] string RefreshToken);

/// <summary>A refusal in the form of OAuth 2.0 (RFC 6749, 5.2).</summary>
public sealed record OAuthError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description);
