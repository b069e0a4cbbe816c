using System.Net;
using System.Text.Json;

namespace DaprMesh.Identity.Tests;

/// <summary>Every operation is sent what an attacker or a broken client would send, in every place that takes text.</summary>
public sealed class NonsenseTests(IdentityMesh mesh)
{
    private static readonly string[] Texts =
    [
        "' OR '1'='1", "'; DROP TABLE accounts; --", "\" OR \"\"=\"", "1; ATTACH DATABASE '/tmp/x' AS x", "${jndi:ldap://x}", "../../etc/passwd", "%00", "\u0000", "<script>alert(1)</script>",
        "\ud83d\ude00", new('x', 5000), "{{7*7}}", "-1", "0x7fffffffffffffff",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> WithABody => new(Operations.All.Where(operation => operation.Method is "POST" or "PUT").Select(operation => operation.ToString()));

    public static TheoryData<string> WithAnId => new(Operations.All.Where(operation => operation.Path.Contains('{', StringComparison.Ordinal)).Select(operation => operation.ToString()));

    [Theory, MemberData(nameof(WithABody))]
    public async Task Text_that_means_something_elsewhere_is_only_text(string name)
    {
        var operation = Operations.All.Single(one => one.ToString() == name);
        var example = await operation.Prepare(mesh);
        if (example.Body is null or HttpContent)
        {
            return; // forms are tried below
        }

        var fields = JsonSerializer.SerializeToNode(example.Body, JsonSerializerOptions.Web)!.AsObject().Select(member => member.Key).ToList(); // an object, not null
        foreach (var (field, text) in fields.SelectMany(field => Texts.Select(text => (field, text))))
        {
            var body = JsonSerializer.SerializeToNode(example.Body, JsonSerializerOptions.Web)!.AsObject(); // as above
            body[field] = text;
            await IsSoundAsync(operation, example, body);
        }

        await IsUnharmedAsync();
    }

    [Theory, MemberData(nameof(WithABody))]
    public async Task A_body_of_the_wrong_shape_is_the_callers_fault(string name)
    {
        var operation = Operations.All.Single(one => one.ToString() == name);
        var example = await operation.Prepare(mesh);
        foreach (var text in new[] { "", "null", "[]", "\"text\"", "7", "{", "{\"a\":", "[[[[[[[[[[", "{\"username\":{},\"password\":[],\"fullName\":7,\"roles\":\"admin\"}", "\ufeff{}", new string('[', 5000) })
        {
            using var body = new StringContent(text, System.Text.Encoding.UTF8, "application/json");
            await IsSoundAsync(operation, example, body);
        }
    }

    [Theory, MemberData(nameof(WithAnId))]
    public async Task An_id_that_is_none_finds_nothing(string name)
    {
        var operation = Operations.All.Single(one => one.ToString() == name);
        var example = await operation.Prepare(mesh);
        foreach (var text in Texts.Where(text => text.Length < 1000))
        {
            var path = System.Text.RegularExpressions.Regex.Replace(operation.Path[1..], @"\{[a-zA-Z]+\}", Uri.EscapeDataString(text));
            using var answer = await mesh.SendAsync(HttpMethod.Parse(operation.Method), path, mesh.Admin, Copy(example.Body), ("If-Match", "*"));
            Assert.True((int)answer.StatusCode is >= 400 and < 500 || operation.Who is Who.Services, $"{name} with {text}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Queries_are_text_as_well()
    {
        foreach (var text in Texts.Where(text => text.Length < 1000))
        {
            var value = Uri.EscapeDataString(text);
            foreach (var path in new[] { $"api/v1/users?search={value}", $"api/v1/users?cursor={value}", $"api/v1/users?role={value}", $"api/v1/users?limit={value}", $"api/v1/auth/sessions?userId={value}", $"api/v1/auth/audit?cursor={value}&kind={value}&userId={value}", $"api/products/?search={value}&cursor={value}" })
            {
                using var answer = await mesh.SendAsync(HttpMethod.Get, path, mesh.Admin);
                Assert.True((int)answer.StatusCode < 500, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Ct)}");
            }
        }
    }

    [Fact]
    public async Task A_form_is_text_as_well()
    {
        foreach (var text in Texts)
        {
            using var form = Operations.Form(("grant_type", "password"), ("username", text), ("password", text));
            using var answer = await mesh.SendAsync(HttpMethod.Post, "user-api/token", null, form);
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests });
            Assert.False(string.IsNullOrEmpty((await IdentityMesh.ReadAsync(answer)).GetProperty("error").GetString()));
        }
    }

    private static object? Copy(object? body) => body is HttpContent ? null : body;

    private async Task IsSoundAsync(Operation operation, Example example, object body)
    {
        // Whoever changes his own password or closes a session with the nonsense is somebody else each time.
        var caller = operation.Who switch
        {
            Who.Anyone => null,
            Who.Person => await mesh.CustomerAsync(),
            _ => mesh.Admin,
        };
        using var answer = await mesh.SendAsync(HttpMethod.Parse(operation.Method), example.Path, caller, body, ("If-Match", "*"));
        Assert.True((int)answer.StatusCode < 500, $"{operation} with {body}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Ct)}");
        if ((int)answer.StatusCode >= 400)
        {
            Assert.Contains("json", answer.Content.Headers.ContentType?.MediaType ?? "", StringComparison.Ordinal);
        }
    }

    private async Task IsUnharmedAsync()
    {
        var verdict = await mesh.GetAsync("api/v1/auth/audit/verify", mesh.Admin);
        Assert.True(verdict.GetProperty("valid").GetBoolean(), verdict.ToString());
    }
}
