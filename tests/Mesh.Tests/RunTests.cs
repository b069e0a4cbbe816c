using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DaprMesh.Testing;

namespace DaprMesh.Launcher.Tests;

public sealed class RunTests : IDisposable
{
    private readonly MeshFixture _fixture = new();
    private readonly HttpClient _http = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _fixture.Dispose();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_catalogue_answers_through_the_gateway_and_a_stop_and_start_keeps_what_was_written(bool isolated)
    {
        string[] mode = isolated ? ["--isolated"] : [];
        string? id;
        await using (var first = MeshProcess.Start(_fixture.Arguments(mode)))
        {
            await first.ReadyAsync();
            await Eventually.TrueAsync(async () => await TotalAsync() == 60, Ct);
            using var request = new HttpRequestMessage(HttpMethod.Post, _fixture.Gateway("/api/products/"))
            {
                Content = JsonContent.Create(new { sku = "X-1", name = "Kept", category = "Books", price = 1 }),
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", await AdminTokenAsync(first)) },
            };
            using var created = await _http.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            id = (await created.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetString();
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = MeshProcess.Start(_fixture.Arguments(mode));
        await second.ReadyAsync();

        var kept = await _http.GetFromJsonAsync<JsonElement>(_fixture.Gateway($"/api/products/{id}"), Ct);
        Assert.Equal("Kept", kept.GetProperty("name").GetString());
        Assert.DoesNotContain("the password is", second.Output, StringComparison.Ordinal);
        Assert.Equal(61, await TotalAsync());
        Assert.Equal(0, await second.StopAsync());
    }

    [Fact]
    public async Task A_fresh_start_forgets_what_was_written_and_only_starts_what_was_named()
    {
        Directory.CreateDirectory(_fixture.Data);
        var leftover = Path.Combine(_fixture.Data, "leftover.txt");
        await File.WriteAllTextAsync(leftover, "old", Ct);
        await using var mesh = MeshProcess.Start(_fixture.Arguments("--fresh", "--only", "catalog"));
        await mesh.ReadyAsync();

        Assert.False(File.Exists(leftover));
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(_fixture.Catalog("/api/products/"), Ct)).StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync(_fixture.Gateway("/"), Ct));
        Assert.Equal(0, await mesh.StopAsync());
    }

    /// <summary>Logs in with the password that the mesh showed at its first start.</summary>
    private async Task<string> AdminTokenAsync(MeshProcess mesh)
    {
        var password = await mesh.PasswordAsync();
        using var answer = await _http.PostAsJsonAsync(_fixture.Gateway("/auth/login"), new { username = "admin", password }, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("accessToken").GetString() ?? "";
    }

    private async Task<int> TotalAsync() =>
        (await _http.GetFromJsonAsync<JsonElement>(_fixture.Gateway("/api/products/?limit=1"), Ct)).GetProperty("total").GetInt32();
}
