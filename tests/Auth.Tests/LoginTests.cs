using System.Text.Json;

namespace DaprMesh.Auth.Tests;

public sealed class LoginTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_registers_can_log_in_by_name_and_by_address_in_any_case()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var id = await auth.RegisterAsync("Zoe.Müller", Ct);
        foreach (var name in new[] { "Zoe.Müller", "zoe.müller", "ZOE.MU\u0308LLER", "zoe.müller@EXAMPLE.org" })
        {
            Assert.Equal(id, (await auth.LoginAsync(name, Ct)).UserId);
        }
    }

    [Fact]
    public async Task Forms_are_taken_like_json()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        using var made = await auth.PostAsync("auth/register", AuthMesh.Form(("username", "former"), ("password", AuthMesh.Password), ("role", "admin")), Ct);
        Assert.Equal(201, (int)made.StatusCode);
        using var answer = await auth.PostAsync("auth/login", AuthMesh.Form(("username", "former"), ("password", AuthMesh.Password)), Ct);
        var json = await AuthMesh.JsonAsync(answer, Ct);
        Assert.Equal("customer", Assert.Single(json.GetProperty("roles").EnumerateArray()).GetString());
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(900, json.GetProperty("expiresIn").GetInt32());
    }

    [Fact]
    public async Task Nobody_can_tell_an_unknown_name_a_wrong_password_and_a_locked_account_apart()
    {
        await using var auth = await AuthMesh.StartAsync(Ct, app =>
        {
            app.Settings["Auth__AccountFailures"] = "2";
            app.Settings["Auth__AddressFailures"] = "1000";
            app.Settings["Auth__AddressNames"] = "1000";
        });
        await auth.RegisterAsync("known", Ct);
        var answers = new List<string>();
        foreach (var name in new[] { "nobody", "known", "known", "known", "nobody", "nobody", "admin", "' OR 1=1 --", "x" })
        {
            using var answer = await auth.PostAsync("auth/login", new { username = name, password = "not the password" }, Ct);
            Assert.Equal(401, (int)answer.StatusCode);
            answers.Add(WithoutTrace(await answer.Content.ReadAsStringAsync(Ct)) + string.Join(',', answer.Headers.Select(header => header.Key).Order()));
        }

        Assert.Single(answers.Distinct());
        Assert.Equal(401, await auth.StatusAsync(HttpMethod.Post, "auth/login", Ct, body: new { username = "known", password = AuthMesh.Password }));
        auth.Mesh.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(200, await auth.StatusAsync(HttpMethod.Post, "auth/login", Ct, body: new { username = "known", password = AuthMesh.Password }));
    }

    [Fact]
    public async Task A_hundred_guesses_at_once_are_judged_no_more_than_five()
    {
        await using var auth = await AuthMesh.StartAsync(Ct, app =>
        {
            app.Settings["Auth__AddressFailures"] = "1000";
            app.Settings["Auth__AddressNames"] = "1000";
        });
        await auth.RegisterAsync("victim", Ct);
        var guesses = Enumerable.Range(0, 99).Select(number => "guess number " + number).Append(AuthMesh.Password);
        var statuses = await Task.WhenAll(guesses.Select(password => auth.StatusAsync(HttpMethod.Post, "auth/login", Ct, body: new { username = "victim", password })));
        Assert.All(statuses, status => Assert.True(status is 401 or 200 or 503));
        var admin = await auth.AdminAsync(Ct);
        using var audit = await auth.GetAsync("api/v1/auth/audit?kind=login.failed&limit=500", Ct, admin.Access);
        Assert.InRange((await AuthMesh.JsonAsync(audit, Ct)).GetProperty("items").GetArrayLength(), 4, 5);
    }

    [Fact]
    public async Task One_password_tried_on_many_names_blocks_the_address_and_nobody_else()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        await auth.RegisterAsync("bystander", Ct);
        var statuses = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            using var answer = await auth.SendAsync(
                HttpMethod.Post, "auth/login", new { username = "user" + i, password = "Summer2026!" }, Ct, address: "203.0.113.7");
            statuses.Add((int)answer.StatusCode);
            if (i == 11)
            {
                Assert.InRange(answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(300));
            }
        }

        Assert.Equal([401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 429, 429], statuses);
        using var other = await auth.SendAsync(
            HttpMethod.Post, "auth/login", new { username = "bystander", password = AuthMesh.Password }, Ct, address: "203.0.113.8");
        Assert.Equal(200, (int)other.StatusCode);
        auth.Mesh.Clock.Advance(TimeSpan.FromMinutes(6));
        using var later = await auth.SendAsync(
            HttpMethod.Post, "auth/login", new { username = "bystander", password = AuthMesh.Password }, Ct, address: "203.0.113.7");
        Assert.Equal(200, (int)later.StatusCode);
        using var metrics = await auth.GetAsync("metrics", Ct);
        Assert.Contains("auth_failure_bursts", await metrics.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_writes_an_address_without_the_gateway_is_not_believed()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        var statuses = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "auth/login") { Content = AuthMesh.Form(("username", "user" + i), ("password", "Summer2026!")) };
            request.Headers.Add("X-Forwarded-For", "203.0.113." + i);
            using var answer = await auth.Client.SendAsync(request, Ct);
            statuses.Add((int)answer.StatusCode);
        }

        Assert.Equal(429, statuses[^1]);
    }

    [Theory]
    [InlineData("short")]
    [InlineData(129)]
    [InlineData(40_000)]
    public async Task A_password_has_8_to_128_characters_and_the_answer_says_so(object password)
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        using var answer = await auth.PostAsync("auth/register", new { username = "someone", password = password is int length ? new string('x', length) : password }, Ct);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("characters", (await AuthMesh.JsonAsync(answer, Ct)).GetProperty("errors").GetProperty("password")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_of_a_megabyte_is_refused_unread()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        foreach (var path in new[] { "auth/register", "auth/login" })
        {
            Assert.Equal(413, await auth.StatusAsync(HttpMethod.Post, path, Ct, body: new { username = "admin", password = new string('x', 1 << 20) }));
        }
    }

    [Fact]
    public async Task OAuth_answers_and_refuses_as_the_standard_says()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        await auth.RegisterAsync("oauth", Ct);
        using var answer = await auth.PostAsync(
            "user-api/token", AuthMesh.Form(("grant_type", "password"), ("username", "oauth"), ("password", AuthMesh.Password)), Ct);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var json = await AuthMesh.JsonAsync(answer, Ct);
        Assert.Equal("Bearer", json.GetProperty("token_type").GetString());
        var refresh = json.GetProperty("refresh_token").GetString()!;
        using var next = await auth.PostAsync("user-api/token", AuthMesh.Form(("grant_type", "refresh_token"), ("refresh_token", refresh)), Ct);
        Assert.Equal(200, (int)next.StatusCode);

        foreach (var (form, error) in new[]
        {
            (AuthMesh.Form(("grant_type", "password"), ("username", "oauth"), ("password", "wrong password")), "invalid_grant"),
            (AuthMesh.Form(("grant_type", "password"), ("username", "oauth")), "invalid_request"),
            (AuthMesh.Form(("grant_type", "client_credentials")), "unsupported_grant_type"),
            (AuthMesh.Form(("grant_type", "refresh_token"), ("refresh_token", "nonsense")), "invalid_grant"),
            (AuthMesh.Form(("grant_type", "password"), ("grant_type", "password")), "invalid_request"),
        })
        {
            using var refused = await auth.PostAsync("user-api/token", form, Ct);
            Assert.Equal(400, (int)refused.StatusCode);
            Assert.Equal("no-store", refused.Headers.CacheControl?.ToString());
            Assert.Equal(error, (await AuthMesh.JsonAsync(refused, Ct)).GetProperty("error").GetString());
        }
    }

    [Fact]
    public async Task A_name_is_taken_in_every_spelling_of_it()
    {
        await using var auth = await AuthMesh.StartAsync(Ct);
        await auth.RegisterAsync("José", Ct);
        foreach (var name in new[] { "josé", "JOSE\u0301", "josé@example.org" })
        {
            using var answer = await auth.PostAsync("auth/register", new { username = name, password = AuthMesh.Password }, Ct);
            Assert.Equal(409, (int)answer.StatusCode);
        }

        foreach (var name in new[] { "ab", "a b c", "Ｋelvin\u212A", "x<script>", "zero\u200Bwidth", new string('a', 65) })
        {
            using var answer = await auth.PostAsync("auth/register", new { username = name, password = AuthMesh.Password }, Ct);
            Assert.Equal(400, (int)answer.StatusCode);
        }
    }

    private static string WithoutTrace(string problem)
    {
        var members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(problem)!;
        members.Remove("traceId");
        return string.Join(';', members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}={member.Value}"));
    }
}
