using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using DaprMesh.Testing;

namespace DaprMesh.Launcher.Tests;

public sealed partial class ReplicaTests : IDisposable
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
    public async Task Two_instances_of_an_app_stand_in_the_table_and_both_serve_the_same_data(bool isolated)
    {
        string[] mode = isolated ? ["--isolated"] : [];
        await using var mesh = MeshProcess.Start(_fixture.Arguments(["--only", "gateway,catalog", "--replicas", "gateway=2,catalog=2", .. mode]));
        await mesh.ReadyAsync();
        await Eventually.TrueAsync(async () => await TotalAsync(_fixture.Gateway("/api/products/?limit=1")) == 60, Ct);

        foreach (var app in new[] { "gateway", "gateway#2", "catalog", "catalog#2" })
        {
            Assert.True((await _http.GetAsync(new Uri(AddressOf(mesh, app), "/healthz/live"), Ct)).IsSuccessStatusCode);
        }

        foreach (var app in new[] { "gateway", "gateway#2", "catalog", "catalog#2" })
        {
            Assert.Equal(60, await TotalAsync(new Uri(AddressOf(mesh, app), "/api/products/?limit=1")));
        }

        Assert.Equal(0, await mesh.StopAsync());
    }

    [Fact]
    public async Task A_mesh_lives_on_when_one_instance_of_two_is_killed()
    {
        await using var mesh = MeshProcess.Start(_fixture.Arguments("--only", "gateway,catalog", "--replicas", "catalog=2", "--isolated"));
        await mesh.ReadyAsync();
        var all = _fixture.Gateway("/api/products/?limit=1");
        await Eventually.TrueAsync(async () => await TotalAsync(all) == 60, Ct);

        mesh.KillListenerOf(AddressOf(mesh, "catalog#2").Port);

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(60, await TotalAsync(all));
        }

        await Eventually.TrueAsync(() => mesh.Output.Contains("another instance goes on", StringComparison.Ordinal), Ct);
        Assert.Equal(60, await TotalAsync(all));
        Assert.Equal(0, await mesh.StopAsync());
    }

    [Theory]
    [InlineData("catalogue=2", 1, "there is no app catalogue")]
    [InlineData("catalog", 2, "--replicas takes app=count")]
    [InlineData("catalog=0", 2, "--replicas takes app=count")]
    public async Task Replicas_that_cannot_be_are_named(string replicas, int exitCode, string message)
    {
        await using var mesh = MeshProcess.Start(_fixture.Arguments("--replicas", replicas));

        Assert.Equal(exitCode, await mesh.EndAsync());
        Assert.Contains(message, mesh.Errors, StringComparison.Ordinal);
    }

    private static Uri AddressOf(MeshProcess mesh, string app) =>
        new(Row().Matches(mesh.Output).First(row => row.Groups["app"].Value == app).Groups["url"].Value);

    private async Task<int> TotalAsync(Uri list)
    {
        using var answer = await _http.GetAsync(list, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("total").GetInt32();
    }

    [GeneratedRegex(@"^  (?<app>\S+) +(?<url>http://\S+) +http", RegexOptions.Multiline)]
    private static partial Regex Row();
}
