using System.Net;
using Dapr.Client;
using DaprMesh.Auth.Accounts;
using DaprMesh.Auth.Sessions;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Logins;

/// <summary>Logs in by an access code, which the service users issues and checks.</summary>
internal sealed class CodeLogin(
    AuthDatabase database, DaprClient dapr, IOptions<AuthOptions> options, AuthMetrics metrics, TimeProvider clock) : IDisposable
{
    public const string Method = "access-code";
    public const int MaxLength = 128;
    private const int Attempts = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Uri Route = new("/api/v1/users/validate-access-code", UriKind.Relative);
    private readonly HttpClient _users = dapr.CreateInvokableHttpClient(AppIds.Users);

    /// <exception cref="UsersUnavailableException">The service users does not answer.</exception>
    public async Task<Outcome<Granted>> TryAsync(string code, Origin origin, CancellationToken ct)
    {
        var started = clock.GetUtcNow();
        if (database.Read(session => session.BlockedUntil(origin.Address, started)) is { } until)
        {
            metrics.Login(Method, LoginOutcome.Blocked);
            return Outcome<Granted>.Wait(Refusals.TooManyAttempts, until - started);
        }

        var (owner, wait) = code.Length <= MaxLength ? await ValidateAsync(code, origin, ct) : (null, null);
        if (wait is not null)
        {
            metrics.Login(Method, LoginOutcome.Blocked);
            return Outcome<Granted>.Wait(Refusals.TooManyAttempts, wait.Value);
        }

        var subject = owner?.UserId ?? LoginGuard.SubjectOf("code:" + code);
        var now = clock.GetUtcNow();
        var (outcome, failure) = await database.WriteAsync(session => Decide(session, owner, subject, origin, now));
        metrics.Login(Method, outcome.Value is not null ? LoginOutcome.Succeeded : outcome.RetryAfter is null ? LoginOutcome.Failed : LoginOutcome.Blocked);
        metrics.Failure(failure);
        return outcome;
    }

    public void Dispose() => _users.Dispose();

    private (Outcome<Granted> Outcome, FailureOutcome? Failure) Decide(DbSession session, CodeOwner? owner, string subject, Origin origin, DateTimeOffset now)
    {
        if (session.BlockedUntil(origin.Address, now) is { } until)
        {
            return (Outcome<Granted>.Wait(Refusals.TooManyAttempts, until - now), null);
        }

        if (owner is not null && session.FindAccount(owner.UserId) is { IsBlocked: false } account)
        {
            return (session.Begin(account, Method, origin, now, options.Value), null);
        }

        return (Refusals.CodeRefused, session.Fail(owner?.UserId, subject, Method, origin, now, options.Value));
    }

    /// <summary>
    /// No owner: the code opens nothing, or users counts too many wrong ones and says how long to wait. A second try carries the same attempt, so
    /// that a code for one use is not used up twice.
    /// </summary>
    private async Task<(CodeOwner? Owner, TimeSpan? Wait)> ValidateAsync(string code, Origin origin, CancellationToken ct)
    {
        var attempt = new CodeAttempt(code, Ids.New("att", clock.GetUtcNow()), origin.Address);
        for (var tries = 1; ; tries++)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Patience);
            try
            {
                using var answer = await _users.PostAsJsonAsync(Route, attempt, AuthJson.Default.CodeAttempt, patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return await answer.Content.ReadFromJsonAsync(AuthJson.Default.CodeOwner, patience.Token) is { UserId.Length: > 0 } owner
                        ? (owner, null)
                        : (null, null);
                }

                if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    return (null, answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(options.Value.AddressBlockSeconds));
                }

                if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.NotFound or HttpStatusCode.Conflict
                    or HttpStatusCode.Gone or HttpStatusCode.UnprocessableEntity)
                {
                    return (null, null);
                }

                if (tries == Attempts)
                {
                    throw new UsersUnavailableException($"users answered {(int)answer.StatusCode}", null);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested && (e is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException))
            {
                if (tries == Attempts)
                {
                    throw new UsersUnavailableException("users cannot be reached", e);
                }
            }
        }
    }
}

/// <summary>What users is asked.</summary>
internal sealed record CodeAttempt(string Code, string AttemptId, string Client);

/// <summary>Whose code it was.</summary>
internal sealed record CodeOwner(string UserId);

/// <summary>The service that knows the access codes does not answer; the caller may try again.</summary>
internal sealed class UsersUnavailableException(string message, Exception? inner) : Exception(message, inner);
