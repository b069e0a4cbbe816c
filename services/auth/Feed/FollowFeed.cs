using System.Globalization;
using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Auth.Feed;

/// <summary>For the other services: what changed after a cursor; waits for as long as they say until there is something.</summary>
internal static class FollowFeed
{
    private const int MaxWaitSeconds = 60;

    /// <param name="after">The cursor of the last answer; 0: everything.</param>
    /// <param name="wait">Seconds, with or without an s: <c>20s</c>.</param>
    public static async Task<Results<Ok<SecurityFeed>, NoContent>> Handle(
        HttpContext http, ISecurityFeedSource feed, IHostApplicationLifetime lifetime, CancellationToken ct, long after = 0, string? wait = null)
    {
        http.Response.Headers.CacheControl = "no-store";
        var seconds = double.TryParse(wait?.TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var asked)
            ? Math.Min(asked, MaxWaitSeconds)
            : 0;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        try
        {
            return await feed.AfterAsync(after, TimeSpan.FromSeconds(seconds), end.Token) is { } news ? TypedResults.Ok(news) : TypedResults.NoContent();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return TypedResults.NoContent(); // stopping: the caller asks again, elsewhere
        }
    }
}
