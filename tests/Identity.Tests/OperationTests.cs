using System.Net;
using System.Text.Json;
using DaprMesh.Contracts;

namespace DaprMesh.Identity.Tests;

public sealed class OperationTests(IdentityMesh mesh)
{
    private static readonly string[] Verbs = ["get", "put", "post", "delete", "patch", "head", "options"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Every => new(Operations.All.Select(operation => operation.ToString()));

    public static TheoryData<string> Guarded => new(Operations.All.Where(operation => operation.Who is not Who.Anyone).Select(operation => operation.ToString()));

    public static TheoryData<string> OthersOnly => new(Operations.All.Where(operation => operation.Who is Who.Right or Who.SelfOrRight).Select(operation => operation.ToString()));

    [Theory]
    [InlineData(AppIds.Auth)]
    [InlineData(AppIds.Users)]
    [InlineData(AppIds.Catalog)]
    public async Task The_document_of_a_service_lists_the_operations_that_are_tried_here(string appId)
    {
        var document = JsonDocument.Parse(await mesh.Mesh.App(appId).GetStringAsync("openapi.json", Ct)).RootElement;

        var listed = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Where(verb => Verbs.Contains(verb.Name)).Select(verb => $"{verb.Name.ToUpperInvariant()} {Trimmed(path.Name)}"))
            .Order(StringComparer.Ordinal);

        Assert.Equal(Operations.All.Where(operation => operation.AppId == appId).Select(operation => operation.ToString()).Order(StringComparer.Ordinal), listed);
    }

    [Theory, MemberData(nameof(Every))]
    public async Task Who_may_is_served(string name)
    {
        var operation = Find(name);
        var example = await operation.Prepare(mesh);
        var caller = operation.Who switch
        {
            Who.Anyone => null,
            Who.Person => await mesh.CustomerAsync(),
            _ => mesh.Admin,
        };

        using var answer = await SendAsync(operation, example, caller);

        var expected = operation.Who is Who.Services ? 404 : operation.Success;
        if (operation is { Who: Who.Services, Path: "/api/v1/users/validate-access-code" })
        {
            expected = 403; // it lies under a prefix that the gateway has
        }

        Assert.True((int)answer.StatusCode == expected, $"{name}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Ct)}");
    }

    [Theory, MemberData(nameof(Guarded))]
    public async Task Without_a_token_nobody_is_served(string name)
    {
        var operation = Find(name);
        var example = await operation.Prepare(mesh);

        using var answer = await SendAsync(operation, example, null);

        if (operation.Who is Who.Services)
        {
            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized });
            return;
        }

        Assert.Equal("token.missing", await IdentityMesh.ProblemAsync(answer, HttpStatusCode.Unauthorized));
        Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(OthersOnly))]
    public async Task What_is_somebody_elses_is_not_served_to_a_customer(string name)
    {
        var operation = Find(name);
        var example = await operation.Prepare(mesh);
        var stranger = await mesh.CustomerAsync();

        using var answer = await SendAsync(operation, example, stranger);

        // A session of somebody else is not there, so that nobody finds out which exist.
        var expected = operation.Path == "/api/v1/auth/sessions/{id}" ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden;
        await IdentityMesh.ProblemAsync(answer, expected);
    }

    [Theory]
    [InlineData("/internal/security-feed?after=0")]
    [InlineData("/internal/accounts/usr_1")]
    public async Task What_is_for_services_is_not_served_past_their_sidecars(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, mesh.Mesh.App(AppIds.Auth).BaseAddress + path[1..]);
        request.Headers.Add("dapr-caller-app-id", AppIds.Users);
        using var client = new HttpClient();

        using var answer = await client.SendAsync(request, Ct);

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized });
    }

    private static Operation Find(string name) => Operations.All.Single(operation => operation.ToString() == name);

    private static string Trimmed(string path) => path.Length > 1 ? path.TrimEnd('/') : path;

    private Task<HttpResponseMessage> SendAsync(Operation operation, Example example, Person? caller) => mesh.SendAsync(
        HttpMethod.Parse(operation.Method), example.Path, caller, example.Body, example.IfMatch is { } etag ? [("If-Match", etag)] : []);
}
