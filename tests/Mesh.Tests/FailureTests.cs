using System.Net;
using System.Net.Sockets;

namespace DaprMesh.Launcher.Tests;

public sealed class FailureTests : IDisposable
{
    private readonly MeshFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_taken_port_is_named_with_the_app_that_wants_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 8000 + _fixture.Offset);
        listener.Start();

        await FailsAsync(1, _fixture.Arguments(), $"port {8000 + _fixture.Offset} (appPort of catalog) is taken");
    }

    [Fact]
    public async Task A_data_folder_has_one_mesh_at_a_time()
    {
        Directory.CreateDirectory(_fixture.Data);
        await using var held = new FileStream(Path.Combine(_fixture.Data, "mesh.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        await FailsAsync(1, _fixture.Arguments(), "another mesh runs on the data folder", _fixture.Data);
    }

    [Theory]
    [InlineData("--colour", "unknown option --colour")]
    [InlineData("--port-offset=many", "--port-offset takes a whole number, not 'many'")]
    [InlineData("--data", "--data needs a value")]
    public async Task A_wrong_option_is_named(string option, string message) => await FailsAsync(2, [option], message);

    [Fact]
    public async Task An_app_that_is_not_in_the_run_file_is_named() =>
        await FailsAsync(1, _fixture.Arguments("--only", "catalogue"), "there is no app catalogue in", "there are gateway, auth, catalog");

    [Theory]
    [InlineData("version: 1\napps:\n  - appID: a\n    appDirPath: .\n    appPort: many\n", "dapr.yaml:5", "appPort")]
    [InlineData("version: 1\napps:\n  - appID: a\n", "dapr.yaml:3", "appDirPath")]
    [InlineData("version: 1\napps:\n\t- appID: a\n", "dapr.yaml:", "tab")]
    [InlineData("version: 1\napps: []\n", "dapr.yaml:", "apps")]
    [InlineData("version: 1\napps:\n  - appID: a\n    appDirPath: nowhere\n", "dapr.yaml:", "appDirPath")]
    public async Task A_broken_run_file_is_told_by_file_line_and_field(string yaml, string place, string field)
    {
        var file = Path.Combine(_fixture.Folder, "dapr.yaml");
        await File.WriteAllTextAsync(file, yaml, TestContext.Current.CancellationToken);

        await FailsAsync(1, ["--run-file", file, "--data", _fixture.Data], place, field);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_app_that_dies_at_its_start_is_told_with_its_last_lines(bool isolated)
    {
        var yaml = (await File.ReadAllTextAsync(_fixture.RunFile, TestContext.Current.CancellationToken))
            .Replace("Catalog__Demo: \"true\"", "Catalog__PageSize: \"0\"", StringComparison.Ordinal)
            .Replace("appDirPath: ", $"appDirPath: {Path.GetDirectoryName(_fixture.RunFile)}/", StringComparison.Ordinal)
            .Replace("[components", $"[{Path.GetDirectoryName(_fixture.RunFile)}/components", StringComparison.Ordinal);
        var file = Path.Combine(_fixture.Folder, "dapr.yaml");
        await File.WriteAllTextAsync(file, yaml, TestContext.Current.CancellationToken);
        string[] arguments = ["--run-file", file, "--data", _fixture.Data, "--port-offset", $"{_fixture.Offset}", .. isolated ? ["--isolated"] : Array.Empty<string>()];

        await FailsAsync(1, arguments, "catalog ended while it started", "PageSize");
    }

    private static async Task FailsAsync(int exitCode, string[] arguments, params string[] words)
    {
        await using var mesh = MeshProcess.Start(arguments);

        Assert.Equal(exitCode, await mesh.EndAsync());
        Assert.StartsWith("mesh: ", mesh.Errors, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, mesh.Errors, StringComparison.Ordinal));
    }
}
