using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DaprMesh.Testing;

namespace DaprMesh.ServiceDefaults.Tests;

public sealed class ProblemTests : IAsyncLifetime
{
    private Mesh? _mesh;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Client => (_mesh ?? throw new InvalidOperationException("The mesh is not started.")).App("shop");

    public async ValueTask InitializeAsync() => _mesh = await Shop.StartAsync(shop => shop.Environment = "Production");

    public ValueTask DisposeAsync() => _mesh?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task An_unexpected_error_tells_the_trace_and_nothing_else()
    {
        using var answer = await Client.GetAsync("broken", Ct);
        var problem = await ProblemAsync(answer, HttpStatusCode.InternalServerError, "error.unexpected");

        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(_mesh!.Log, line => line.Contains("the secret of the database", StringComparison.Ordinal)); // started in InitializeAsync
    }

    [Fact]
    public async Task A_neighbour_that_is_away_is_a_reason_to_try_again()
    {
        using var answer = await Client.GetAsync("neighbour", Ct);

        await ProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "service.unavailable");
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("""{"name":"a","price":"much","colour":"Red"}""", "$.price, line 1")]
    [InlineData("{\"name\":\"a\",\n\"price\":1,\n\"colour\":\"Green\"}", "$.colour, line 3")]
    [InlineData("""{"name":"a","price":1,"price":2,"colour":"Red"}""", "$")]
    [InlineData("""{"name":"a",""", "line 1")]
    [InlineData("""[]""", "line 1")]
    public async Task Bad_JSON_is_told_with_its_place(string body, string place)
    {
        using var answer = await Client.PostAsync("orders", new StringContent(body, Encoding.UTF8, "application/json"), Ct);
        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest, "request.malformed");

        Assert.Contains(place, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("DaprMesh", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_the_address_that_is_none_is_named()
    {
        await using var mesh = await Shop.StartAsync(mesh: plan => plan.Authority());
        using var client = mesh.App("shop", mesh.Authority.Token("usr_ann"));
        using var answer = await client.GetAsync("orders?limit=many", Ct);
        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest, "request.malformed");

        Assert.Contains("limit", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory, InlineData("text/plain"), InlineData("application/x-www-form-urlencoded"), InlineData(null)]
    public async Task Another_media_type_is_unsupported(string? type)
    {
        using var content = new StringContent("""{"name":"a","price":1,"colour":"Red"}""");
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        using var answer = await Client.PostAsync("orders", content, Ct);

        await ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "media-type.unsupported");
    }

    [Fact]
    public async Task A_path_that_is_not_there_and_a_method_that_is_not_allowed_are_problems_too()
    {
        await ProblemAsync(await Client.GetAsync("nowhere", Ct), HttpStatusCode.NotFound, "route.not-found");
        await ProblemAsync(await Client.DeleteAsync("orders", Ct), HttpStatusCode.MethodNotAllowed, "method.not-allowed");
    }

    [Theory, InlineData(true, false), InlineData(false, false), InlineData(true, true), InlineData(false, true)]
    public async Task A_body_that_is_too_large_is_refused(bool hasLength, bool bySocket)
    {
        using var socket = new HttpClient { BaseAddress = Client.BaseAddress };
        var client = bySocket ? socket : Client;
        using var most = Body(new byte[1_040_000], hasLength); // what frames the chunks counts, too
        using var taken = await client.PostAsync("raw", most, Ct);
        Assert.Equal("1040000", await taken.Content.ReadAsStringAsync(Ct));

        using var more = Body(new byte[(1024 * 1024) + 1], hasLength);
        using var answer = await client.PostAsync("raw", more, Ct);
        await ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "body.too-large");

        static HttpContent Body(byte[] bytes, bool hasLength) => hasLength ? new ByteArrayContent(bytes) : new Chunked(bytes);
    }

    [Fact]
    public async Task Enums_are_text_and_names_are_in_camel_case()
    {
        using var answer = await Client.PostAsJsonAsync("orders", new { name = "a", price = 1.5m, colour = "Blue" }, Ct);

        Assert.Equal("""{"name":"a","price":1.5,"colour":"Blue"}""", await answer.Content.ReadAsStringAsync(Ct));
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(32, problem.GetProperty("traceId").GetString()?.Length);
        return problem;
    }

    /// <summary>A body that does not say how long it is.</summary>
    private sealed class Chunked(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes, Ct).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
