using System.Net;
using DaprMesh.Contracts;

namespace DaprMesh.ServiceDefaults.Tests.Identity;

public sealed class AccessTests(IdentityMesh mesh) : IClassFixture<IdentityMesh>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_knows_who_calls()
    {
        using var answer = await mesh.GetAsync("me", mesh.Authority.Token(mesh.Authority.Claims("usr_ann", [Roles.Staff], "ses_1")));

        var me = await IdentityMesh.ReadAsync(answer);
        Assert.Equal("usr_ann", me.GetProperty("id").GetString());
        Assert.Equal("ses_1", me.GetProperty("sessionId").GetString());
        Assert.Equal(Roles.Staff, me.GetProperty("roles")[0].GetString());
        Assert.True(me.GetProperty("mayRead").GetBoolean());
    }

    [Fact]
    public async Task Without_a_token_the_answer_asks_for_one()
    {
        using var answer = await mesh.GetAsync("me");

        Assert.Equal("token.missing", await IdentityMesh.ProblemAsync(answer, HttpStatusCode.Unauthorized));
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_route_without_a_rule_takes_everybody()
    {
        Assert.Equal("nobody", await (await mesh.GetAsync("open")).Content.ReadAsStringAsync(Ct));
        Assert.Equal("usr_ann", await (await mesh.GetAsync("open", mesh.Authority.Token("usr_ann"))).Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        using var answer = await mesh.GetAsync("keys", mesh.Authority.Token("usr_ann", Roles.Staff));

        Assert.Equal("permission.missing", await IdentityMesh.ProblemAsync(answer, HttpStatusCode.Forbidden));
        Assert.Equal(Permissions.KeysRotate, (await IdentityMesh.ReadAsync(answer)).GetProperty("permission").GetString());
        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync("keys", mesh.Authority.Token("usr_bob", Roles.Admin))).StatusCode);
    }

    [Fact]
    public async Task A_role_that_nobody_knows_grants_nothing() =>
        Assert.Equal(HttpStatusCode.Forbidden, (await mesh.GetAsync("keys", mesh.Authority.Token("usr_ann", "root", "*", "ADMIN"))).StatusCode);

    [Theory]
    [InlineData("usr_ann", HttpStatusCode.OK)]
    [InlineData("usr_bob", HttpStatusCode.Forbidden)]
    [InlineData("USR_ANN", HttpStatusCode.Forbidden)]
    [InlineData("usr_ann%20", HttpStatusCode.Forbidden)]
    public async Task A_person_gets_at_what_is_theirs_alone(string id, HttpStatusCode status)
    {
        Assert.Equal(status, (await mesh.GetAsync($"users/{id}", mesh.Authority.Token("usr_ann", Roles.Customer))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await mesh.GetAsync($"users/{id}", mesh.Authority.Token("usr_eve", Roles.Staff))).StatusCode);
    }

    [Fact]
    public async Task An_app_that_is_expected_gets_in_through_its_sidecar()
    {
        using var answer = await mesh.Mesh.Sidecar("friend").GetAsync("v1.0/invoke/shop/method/internal", Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("friend", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task An_app_that_is_not_expected_stays_out_whatever_it_says_it_is()
    {
        using var stranger = await mesh.Mesh.Sidecar("stranger").GetAsync("v1.0/invoke/shop/method/internal", Ct);
        using var liar = new HttpRequestMessage(HttpMethod.Get, "v1.0/invoke/shop/method/internal") { Headers = { { "dapr-caller-app-id", "friend" } } };
        using var lied = await mesh.Mesh.Sidecar("stranger").SendAsync(liar, Ct);

        Assert.Equal("caller.not-allowed", await IdentityMesh.ProblemAsync(stranger, HttpStatusCode.Forbidden));
        Assert.Equal("caller.not-allowed", await IdentityMesh.ProblemAsync(lied, HttpStatusCode.Forbidden));
    }

    [Theory, InlineData(null), InlineData(""), InlineData("guess")]
    public async Task Past_the_sidecar_nobody_gets_in_as_an_app(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "internal") { Headers = { { "dapr-caller-app-id", "friend" } } };
        if (token is not null)
        {
            request.Headers.Add("dapr-api-token", token);
        }

        Assert.Equal("caller.not-allowed", await IdentityMesh.ProblemAsync(await mesh.Mesh.App("shop").SendAsync(request, Ct), HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task An_event_is_taken_from_the_sidecar_and_from_no_app_behind_it()
    {
        using var invoked = await mesh.Mesh.Sidecar("friend").PostAsync("v1.0/invoke/shop/method/events", null, Ct);
        using var direct = await mesh.Mesh.App("shop").PostAsync("events", null, Ct);

        Assert.Equal("caller.not-allowed", await IdentityMesh.ProblemAsync(invoked, HttpStatusCode.Forbidden));
        Assert.Equal("caller.not-allowed", await IdentityMesh.ProblemAsync(direct, HttpStatusCode.Forbidden));
    }

    [Theory]
    [InlineData("Production", HttpStatusCode.ServiceUnavailable)]
    [InlineData("Development", HttpStatusCode.OK)]
    public async Task Without_a_token_of_the_sidecar_only_a_developers_machine_is_trusted(string environment, HttpStatusCode status)
    {
        await using var own = await IdentityMesh.StartAsync(
            mesh => mesh.Sidecars(sidecar => sidecar with { AppApiToken = null }).Authority(),
            shop =>
            {
                shop.Environment = environment;
                shop.Settings["APP_API_TOKEN"] = "";
            });

        using var answer = await own.Sidecar("friend").GetAsync("v1.0/invoke/shop/method/internal", Ct);

        Assert.Equal(status, answer.StatusCode);
        if (status != HttpStatusCode.OK)
        {
            Assert.Contains("APP_API_TOKEN", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
    }
}
