using System.Diagnostics;
using System.Net;
using DaprMesh.Contracts;
using DaprMesh.Testing;

namespace DaprMesh.ServiceDefaults.Tests.Identity;

/// <summary>What the authority says takes effect at once, without a restart.</summary>
public sealed class NewsTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private readonly IdentityMesh _mesh = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Authority Authority => _mesh.Authority;

    public ValueTask InitializeAsync() => _mesh.InitializeAsync();

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task A_token_of_an_ended_session_is_refused_and_others_of_the_person_are_not()
    {
        var ended = Authority.Token(Authority.Claims("usr_ann", [], "ses_ended"));
        var other = Authority.Token(Authority.Claims("usr_ann", [], "ses_other"));
        await IsAsync(HttpStatusCode.OK, ended, other);

        Authority.Revoke("ses_ended");

        await BecomesAsync(HttpStatusCode.Unauthorized, ended);
        await IsAsync(HttpStatusCode.OK, other);
        using var answer = await _mesh.GetAsync("me", ended);
        Assert.Equal("session.revoked", await IdentityMesh.ProblemAsync(answer, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task A_session_stays_ended_for_as_long_as_a_token_of_it_may_count()
    {
        var ended = Authority.Token(Authority.Claims("usr_ann", [], "ses_ended"));
        Authority.Revoke("ses_ended");
        await BecomesAsync(HttpStatusCode.Unauthorized, ended);

        _mesh.Mesh.Clock.Advance(TimeSpan.FromSeconds(15 * 60 + 20)); // past its end, by less than clocks may differ
        Authority.Revoke("ses_another");
        await BecomesAsync(HttpStatusCode.Unauthorized, Authority.Token(Authority.Claims("usr_ann", [], "ses_another")));

        using var answer = await _mesh.GetAsync("me", ended);
        Assert.Equal("session.revoked", await IdentityMesh.ProblemAsync(answer, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task A_token_ends_though_it_was_verified_before()
    {
        var token = Authority.Token("usr_ann");
        await IsAsync(HttpStatusCode.OK, token);

        _mesh.Mesh.Clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(29));
        await IsAsync(HttpStatusCode.OK, token);
        _mesh.Mesh.Clock.Advance(TimeSpan.FromSeconds(1));

        using var answer = await _mesh.GetAsync("me", token);
        Assert.Equal("token.expired", await IdentityMesh.ProblemAsync(answer, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task A_change_of_roles_counts_for_tokens_made_before_it()
    {
        var before = Authority.Token(Authority.Claims("usr_ann", [Roles.Customer], version: 1));
        Assert.Equal(HttpStatusCode.Forbidden, (await _mesh.GetAsync("keys", before)).StatusCode);

        Authority.Change("usr_ann", version: 2, [Roles.Admin]);
        await Eventually.TrueAsync(async () => (await _mesh.GetAsync("keys", before)).StatusCode == HttpStatusCode.OK, Ct);

        Authority.Change("usr_ann", version: 3, [Roles.Customer]);
        await Eventually.TrueAsync(async () => (await _mesh.GetAsync("keys", before)).StatusCode == HttpStatusCode.Forbidden, Ct);

        var after = Authority.Token(Authority.Claims("usr_ann", [Roles.Admin], version: 3));
        Assert.Equal(HttpStatusCode.OK, (await _mesh.GetAsync("keys", after)).StatusCode);
    }

    [Fact]
    public async Task A_blocked_account_is_out_with_all_its_tokens()
    {
        var token = Authority.Token(Authority.Claims("usr_ann", [Roles.Admin], version: 4));
        await IsAsync(HttpStatusCode.OK, token);

        Authority.Change("usr_ann", version: 5, [], isBlocked: true);

        await BecomesAsync(HttpStatusCode.Unauthorized, token);
    }

    [Fact]
    public async Task What_a_role_may_do_can_change()
    {
        var token = Authority.Token("usr_ann", Roles.Tutor);
        Assert.Equal(HttpStatusCode.Forbidden, (await _mesh.GetAsync("keys", token)).StatusCode);

        Authority.Allow(Roles.Tutor, Permissions.KeysRotate);
        await Eventually.TrueAsync(async () => (await _mesh.GetAsync("keys", token)).StatusCode == HttpStatusCode.OK, Ct);

        Authority.Allow(Roles.Tutor);
        await Eventually.TrueAsync(async () => (await _mesh.GetAsync("keys", token)).StatusCode == HttpStatusCode.Forbidden, Ct);
    }

    [Fact]
    public async Task A_withdrawn_key_takes_the_tokens_it_signed_along()
    {
        var old = Authority.Token("usr_ann");
        Authority.Rotate();
        var young = Authority.Token("usr_ann");
        await IsAsync(HttpStatusCode.OK, old, young);

        Authority.WithdrawOldKeys();

        await BecomesAsync(HttpStatusCode.Unauthorized, old);
        await IsAsync(HttpStatusCode.OK, young);
    }

    [Fact]
    public async Task Keys_change_under_load_and_no_request_fails()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var (taken, refused) = (0, 0);
        var load = Enumerable.Range(0, 8).Select(async person =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.Yield(); // between hosts of one process an answer is often there at once
                using var answer = await _mesh.GetAsync("me", Authority.Token($"usr_{person}"));
                Interlocked.Increment(ref answer.IsSuccessStatusCode ? ref taken : ref refused);
            }
        }).ToList();

        for (var rotation = 0; rotation < 10; rotation++)
        {
            var before = Volatile.Read(ref taken);
            Authority.Rotate();
            await Eventually.TrueAsync(() => Volatile.Read(ref taken) > before + 50, Ct);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.Equal(0, refused);
    }

    [Fact]
    public async Task News_are_heard_within_two_seconds()
    {
        foreach (var round in Enumerable.Range(0, 5))
        {
            var token = Authority.Token(Authority.Claims("usr_ann", [], $"ses_{round}"));
            await IsAsync(HttpStatusCode.OK, token);

            var told = Stopwatch.GetTimestamp();
            Authority.Revoke($"ses_{round}");
            await BecomesAsync(HttpStatusCode.Unauthorized, token);

            Assert.InRange(Stopwatch.GetElapsedTime(told), TimeSpan.Zero, Soon);
        }
    }

    [Fact]
    public async Task What_is_known_goes_on_counting_while_auth_is_away()
    {
        var (good, ended) = (Authority.Token("usr_ann"), Authority.Token(Authority.Claims("usr_bob", [], "ses_ended")));
        Authority.Revoke("ses_ended");
        await BecomesAsync(HttpStatusCode.Unauthorized, ended);

        _mesh.Mesh.Faults.CutOff("auth");

        await IsAsync(HttpStatusCode.OK, good, Authority.Token("usr_new"));
        await IsAsync(HttpStatusCode.Unauthorized, ended);
    }

    [Fact]
    public async Task A_service_that_never_heard_of_a_key_sends_tokens_away_for_a_moment_and_serves_the_rest()
    {
        using var authority = new Authority(TimeProvider.System);
        await using var mesh = await IdentityMesh.StartAsync(_ => { }, shop => shop.Settings["Identity__FirstFeedPatience"] = "00:00:00");

        using var answer = await IdentityMesh.GetAsync(mesh, "me", authority.Token("usr_ann"));
        Assert.Equal("identity.unavailable", await IdentityMesh.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable));
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, (await IdentityMesh.GetAsync(mesh, "open", authority.Token("usr_ann"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await IdentityMesh.GetAsync(mesh, "me", null)).StatusCode);
    }

    private async Task IsAsync(HttpStatusCode status, params string[] tokens)
    {
        foreach (var token in tokens)
        {
            using var answer = await _mesh.GetAsync("me", token);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    private Task BecomesAsync(HttpStatusCode status, string token) =>
        Eventually.TrueAsync(async () => (await _mesh.GetAsync("me", token)).StatusCode == status, Ct);
}
