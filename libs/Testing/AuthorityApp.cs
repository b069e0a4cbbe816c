using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.Testing;

/// <summary>The routes of the service auth that other services ask, answered by an <see cref="Authority"/>.</summary>
internal static class AuthorityApp
{
    public static void Map(WebApplication app, Authority authority)
    {
        app.MapGet("/.well-known/jwks.json", () => authority.Feed(0).Keys);
        app.MapGet("/internal/security-feed", async (long after, string? wait, CancellationToken ct) =>
        {
            // Real time, as whoever waits does.
            using var patience = new CancellationTokenSource(
                TimeSpan.FromSeconds(int.Parse((wait ?? "0").TrimEnd('s'), CultureInfo.InvariantCulture)), TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, app.Lifetime.ApplicationStopping, patience.Token);
            await authority.NewsAsync(after, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return authority.Feed(after) is var feed && feed.Cursor > after ? Results.Ok(feed) : Results.NoContent();
        });
    }
}
