using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using DaprMesh.Programs;
using DaprMesh.Sidecar.Tests;

namespace DaprMesh.Processes.Tests.Npm;

public sealed class NpmClientTests
{
    [Fact]
    public async Task The_published_npm_client_finds_every_building_block()
    {
        var node = RequiredTool.Find("node", "nodejs");
        var npm = RequiredTool.Find("npm", "npm");
        var ct = TestContext.Current.CancellationToken;
        var app = await InstallAsync(npm, ct);

        using var folder = new TempFolder();
        var appPort = new PortPool().Take().ToString(CultureInfo.InvariantCulture);
        await WriteResourcesAsync(folder, appPort, ct);
        await using var sidecar = RunningSidecar.Of(folder.Path, "npm", ["--app-port", appPort]);
        await sidecar.LaunchAsync();

        var (code, said) = await RunAsync(node, [Path.Combine(app, "app.js"), appPort, sidecar.Port.ToString(CultureInfo.InvariantCulture)], app, ct);
        Assert.True(code == 0, $"{said}\n{sidecar.Said()}");
        TestContext.Current.TestOutputHelper?.WriteLine(said);
    }

    /// <summary>Installs what the lock file names, unless an earlier run has.</summary>
    private static async Task<string> InstallAsync(string npm, CancellationToken ct)
    {
        var artifacts = typeof(NpmClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "ArtifactsPath").Value!; // set by the project
        var folder = Directory.CreateDirectory(Path.Combine(artifacts, "npm-client")).FullName;
        var lockFile = Path.Combine(AppContext.BaseDirectory, "Npm", "App", "package-lock.json");
        var installed = Path.Combine(folder, "installed-lock.json");
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(lockFile)!))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed, ct) == await File.ReadAllTextAsync(lockFile, ct))
            return folder;

        var (code, said) = await RunAsync(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, ct);
        Assert.True(code == 0, $"npm ci failed: {said}");
        File.Copy(lockFile, installed, overwrite: true);
        return folder;
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, string[] arguments, string folder, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{program} did not start.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        try
        {
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, string.Concat(said));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task WriteResourcesAsync(TempFolder folder, string appPort, CancellationToken ct)
    {
        await File.WriteAllTextAsync(folder.File("secrets.json"), """{"password":"s3cret","db":{"user":"me"}}""", ct);
        var database = ("connectionString", folder.File("npm.db"));
        await Resources.WriteComponentAsync(folder.Path, "store", "state.sqlite", ct, database, ("actorStateStore", "true"));
        await Resources.WriteComponentAsync(folder.Path, "pubsub", "pubsub.sqlite", ct, database, ("requeueInFailure", "true"));
        await Resources.WriteComponentAsync(folder.Path, "secrets", "secretstores.local.file", ct, ("secretsFile", folder.File("secrets.json")));
        await Resources.WriteComponentAsync(folder.Path, "locks", "lock.sqlite", ct, database);
        await Resources.WriteComponentAsync(folder.Path, "config", "configuration.sqlite", ct, database);
        await Resources.WriteComponentAsync(folder.Path, "files", "bindings.localstorage", ct, ("rootPath", folder.File("files")));
        await Resources.WriteComponentAsync(folder.Path, "web", "bindings.http", ct, ("url", $"http://127.0.0.1:{appPort}"));
        await Resources.WriteComponentAsync(folder.Path, "tick", "bindings.cron", ct, ("schedule", "@every 1s"));
    }
}
