using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DaprMesh.Golden.Tests.Comparison;
using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Programs;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>Prepares what stands around the sidecars: a folder with its files, ports, apps, a mail server.</summary>
internal static partial class ReplaySetup
{
    [GeneratedRegex(@"type: state\.sqlite.*?connectionString\s+value: ""?(?<file>[^""\s]+)", RegexOptions.Singleline)]
    private static partial Regex StateDatabase { get; }

    public static async Task<ReplayState> PrepareAsync(
        Scenario scenario, Fixture fixture, PortPool ports, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("golden-").FullName;
        var placeholders = new Placeholders();
        placeholders.Choose("$dir", folder);
        foreach (var port in Placeholders.PortsIn(JsonSerializer.Serialize(scenario)).Append("$webPort").Distinct())
            placeholders.Choose(port, ports.Take().ToString(CultureInfo.InvariantCulture));

        var resources = string.Join('\n', scenario.Sidecars.SelectMany(sidecar => sidecar.Resources).Select(file => file.Text));
        var database = StateDatabase.Match(resources).Groups["file"].Value;
        var state = new ReplayState(folder, placeholders, placeholders.Expand(database));

        foreach (var (file, content) in fixture.Files ?? new Dictionary<string, System.Text.Json.Nodes.JsonNode>())
            await File.WriteAllTextAsync(Path.Combine(folder, file), placeholders.Expand(content.ToJsonString()), ct);
        if (resources.Contains("$smtpPort", StringComparison.Ordinal))
            state.Mails = new MailServer(Port("$smtpPort"));

        var scripts = new Scripts(
            state.Sender.Http, () => new Uri($"http://127.0.0.1:{placeholders.Expand(scenario.Sidecars[0].Port("dapr-http-port"))}"));
        foreach (var name in scenario.Apps)
        {
            var app = new RecordedApp(name, Port($"${name}Port"), state.Calls, state.Gates, scripts, placeholders.Expand);
            state.Apps[name] = app;
            if (!StartsLater(scenario, name))
                await app.StartAsync(ct);
        }

        return state;

        int Port(string name) => int.Parse(placeholders.Expand(name), CultureInfo.InvariantCulture);
    }

    // An app that a step starts without one having stopped it was not there in the beginning.
    private static bool StartsLater(Scenario scenario, string app)
    {
        var first = scenario.Steps
            .Select(step => step.Action)
            .FirstOrDefault(action => action is "start app" or "stop app" || action == $"start app {app}" || action == $"stop app {app}");
        return first?.StartsWith("start", StringComparison.Ordinal) == true;
    }
}
