using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DaprMesh.Testing;

namespace DaprMesh.Auth.Tests;

public sealed class KeyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_key_is_published_before_it_signs_and_the_old_one_stays_until_its_last_token_ended()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var admin = await auth.AdminAsync(Ct);
        var before = await auth.NewcomerAsync(Ct);
        var old = Assert.Single(await KeysAsync(auth));
        Assert.Equal(old, KidOf(before.Access));

        Assert.Equal(403, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/keys/rotate", Ct, before.Access));
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/keys/rotate", Ct, admin.Access));
        var both = await KeysAsync(auth);
        Assert.Equal(2, both.Count);
        Assert.Equal(old, KidOf((await auth.NewcomerAsync(Ct)).Access));

        auth.Mesh.Clock.Advance(TimeSpan.FromSeconds(1));
        var after = await auth.NewcomerAsync(Ct);
        Assert.Equal(both.Single(key => key != old), KidOf(after.Access));
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, before.Access));
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, after.Access));

        await Eventually.TrueAsync(() => KeysAsync(auth).GetAwaiter().GetResult().Count == 1, auth.Mesh.Clock, TimeSpan.FromMinutes(1), Ct);
        Assert.InRange(auth.Mesh.Clock.GetUtcNow(), new DateTimeOffset(2026, 1, 1, 0, 15, 0, TimeSpan.Zero), new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero));
        Assert.Equal(both.Single(key => key != old), Assert.Single(await KeysAsync(auth)));
    }

    [Fact]
    public async Task Keys_that_somebody_else_may_have_are_withdrawn_at_once()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var admin = await auth.AdminAsync(Ct);
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Post, "api/v1/auth/keys/rotate", Ct, admin.Access, new { withdrawOthers = true }));
        await Eventually.TrueAsync(async () => await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, admin.Access) == 401, Ct);
        var again = await auth.RefreshAsync(admin.Refresh, Ct);
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/audit/verify", Ct, again.Access));
    }

    [Fact]
    public async Task A_key_grows_old_and_is_followed()
    {
        await using var auth = await AuthMesh.StartAsync(Ct, app => app.Settings["Auth__SigningKeyDays"] = "1");
        var first = Assert.Single(await KeysAsync(auth));
        auth.Mesh.Clock.Advance(TimeSpan.FromHours(23.5));
        await Eventually.TrueAsync(() => KeysAsync(auth).GetAwaiter().GetResult() is { } keys && keys.Any(key => key != first), auth.Mesh.Clock, TimeSpan.FromMinutes(1), Ct);
    }

    [Fact]
    public async Task A_given_key_signs_and_is_not_written_down()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var auth = await AuthMesh.StartAsync(Ct, describe: plan => plan.Secret("auth-signing-key", pair.ExportPkcs8PrivateKeyPem()));
        var tokens = await auth.NewcomerAsync(Ct);
        var parts = tokens.Access.Split('.');
        Assert.True(pair.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        Assert.DoesNotContain("PRIVATE KEY", Encoding.Latin1.GetString(await ReadSharedAsync(auth.DatabasePath)), StringComparison.Ordinal);
        await auth.Mesh.RestartAsync("auth", Ct);
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Get, "api/v1/auth/sessions", Ct, tokens.Access));
        Assert.Equal(KidOf(tokens.Access), KidOf((await auth.RefreshAsync(tokens.Refresh, Ct)).Access));
    }

    [Fact]
    public async Task A_token_says_what_the_others_expect_and_discovery_says_where_to_look()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var tokens = await auth.NewcomerAsync(Ct);
        var header = Part(tokens.Access, 0);
        Assert.Equal("ES256", header.GetProperty("alg").GetString());
        Assert.Equal("at+jwt", header.GetProperty("typ").GetString());
        var claims = Part(tokens.Access, 1);
        Assert.Equal(["iss", "aud", "sub", "sid", "name", "roles", "ver", "iat", "nbf", "exp", "jti"], claims.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal("daprmesh", claims.GetProperty("aud").GetString());
        Assert.Equal(900, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());

        using var answer = await auth.GetAsync(".well-known/openid-configuration", Ct);
        var discovery = await AuthMesh.JsonAsync(answer, Ct);
        Assert.Equal(claims.GetProperty("iss").GetString(), discovery.GetProperty("issuer").GetString());
        Assert.EndsWith("/.well-known/jwks.json", discovery.GetProperty("jwks_uri").GetString(), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> KeysAsync(AuthMesh auth)
    {
        using var answer = await auth.GetAsync(".well-known/jwks.json", Ct);
        return [.. (await AuthMesh.JsonAsync(answer, Ct)).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    private static string KidOf(string token) => Part(token, 0).GetProperty("kid").GetString()!;

    private static JsonElement Part(string token, int part) =>
        JsonSerializer.Deserialize<JsonElement>(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[part]));

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, Ct);
        return bytes.ToArray();
    }
}
