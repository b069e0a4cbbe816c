using System.Text.Json.Serialization;
using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Keys;

/// <summary>What others need to check our tokens: the keys (RFC 7517) and where everything is (OpenID Connect Discovery).</summary>
internal static class WellKnown
{
    private const string Cache = "public, max-age=60";

    public sealed record Discovery(
        [property: JsonPropertyName("issuer")] string Issuer,
        [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
        [property: JsonPropertyName("jwks_uri")] string JwksUri,
        [property: JsonPropertyName("introspection_endpoint")] string IntrospectionEndpoint,
        [property: JsonPropertyName("userinfo_endpoint")] string UserInfoEndpoint,
        [property: JsonPropertyName("grant_types_supported")] IReadOnlyList<string> GrantTypes,
        [property: JsonPropertyName("response_types_supported")] IReadOnlyList<string> ResponseTypes,
        [property: JsonPropertyName("subject_types_supported")] IReadOnlyList<string> SubjectTypes,
        [property: JsonPropertyName("id_token_signing_alg_values_supported")] IReadOnlyList<string> SigningAlgorithms,
        [property: JsonPropertyName("token_endpoint_auth_methods_supported")] IReadOnlyList<string> AuthMethods,
        [property: JsonPropertyName("claims_supported")] IReadOnlyList<string> Claims);

    public static Ok<JsonWebKeySet> Keys(HttpContext http, KeyRing keys)
    {
        http.Response.Headers.CacheControl = Cache;
        return TypedResults.Ok(new JsonWebKeySet([.. keys.Keys.Select(key => key.Public)]));
    }

    public static Ok<Discovery> Configuration(HttpContext http, IOptions<IdentityOptions> identity)
    {
        http.Response.Headers.CacheControl = Cache;
        var issuer = identity.Value.Issuer;
        var root = issuer.TrimEnd('/');
        return TypedResults.Ok(new Discovery(
            issuer, root + "/user-api/token", root + "/.well-known/jwks.json", root + "/api/v1/auth/validate", root + "/user-api/users/me",
            ["password", "refresh_token"], ["none"], ["public"], ["ES256"], ["none"],
            ["iss", "aud", "sub", "sid", "name", "roles", "ver", "iat", "nbf", "exp", "jti"]));
    }
}
