using DaprMesh.Auth.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Keys;

/// <summary>Makes the next signing key at once.</summary>
internal static class RotateKeys
{
    /// <param name="WithdrawOthers">The old keys may be known to somebody: tokens that they signed end now.</param>
    public sealed record Request(bool WithdrawOthers = false);

    /// <param name="SignsFrom">Until then every service hears of the key.</param>
    public sealed record KeyRotation(string KeyId, DateTimeOffset SignsFrom, IReadOnlyList<string> Keys);

    public static async Task<Ok<KeyRotation>> Handle(
        HttpContext http, AuthDatabase database, KeyRing keys, IOptions<AuthOptions> options, TimeProvider clock, Request? request = null)
    {
        var origin = Origin.Of(http);
        var now = clock.GetUtcNow();
        var next = SigningKey.Create(now, request?.WithdrawOthers == true ? now : now.AddSeconds(options.Value.RotationLeadSeconds));
        await database.WriteAsync(session =>
        {
            session.AddKey(next, origin, now, options.Value);
            if (request?.WithdrawOthers == true)
            {
                session.WithdrawOthers(next, origin, now);
            }
        });
        keys.Load();
        return TypedResults.Ok(new KeyRotation(next.Id, next.SignsFrom, [.. keys.Keys.Select(key => key.Id)]));
    }
}
