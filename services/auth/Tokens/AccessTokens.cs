using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DaprMesh.Auth.Accounts;
using DaprMesh.Auth.Keys;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Tokens;

/// <summary>Makes access tokens: JWTs (RFC 9068), signed by ES256.</summary>
internal sealed class AccessTokens(KeyRing keys, IOptions<AuthOptions> options, IOptions<IdentityOptions> identity, TimeProvider clock)
{
    /// <summary>Without the escapes that keep text harmless in a page: a token is in none, and is shorter so.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Create(Account account, string sessionId)
    {
        var key = keys.Current;
        var now = clock.GetUtcNow();
        var signed = $"{Part(json => Header(json, key))}.{Part(json => Claims(json, account, sessionId, now))}";
        return $"{signed}.{Base64Url.EncodeToString(keys.Sign(key, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static void Header(Utf8JsonWriter json, string key)
    {
        json.WriteString("alg", "ES256");
        json.WriteString("kid", key);
        json.WriteString("typ", "at+jwt");
    }

    private void Claims(Utf8JsonWriter json, Account account, string sessionId, DateTimeOffset now)
    {
        json.WriteString("iss", identity.Value.Issuer);
        json.WriteString("aud", identity.Value.Audience);
        json.WriteString("sub", account.Id);
        json.WriteString("sid", sessionId);
        json.WriteString("name", account.Username);
        json.WriteStartArray("roles");
        foreach (var role in account.Roles)
        {
            json.WriteStringValue(role);
        }

        json.WriteEndArray();
        json.WriteNumber("ver", account.Version);
        json.WriteNumber("iat", now.ToUnixTimeSeconds());
        json.WriteNumber("nbf", now.ToUnixTimeSeconds());
        json.WriteNumber("exp", (now + options.Value.AccessTokenLife).ToUnixTimeSeconds());
        json.WriteString("jti", Ids.New("jti", now));
    }

    private static string Part(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
