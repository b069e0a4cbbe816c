using System.Text.Json.Nodes;
using DaprMesh.Golden.Tests.Facts;
using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Programs;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>Does what a step does other than sending a request.</summary>
internal sealed class StepActions(Scenario scenario, Fixture fixture, ISidecarLauncher launcher, ReplayState state)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    public async Task<StepMoment> PerformAsync(int step, StepMoment moment, CancellationToken ct)
    {
        var recorded = scenario.Steps[step];
        var (verb, rest) = Split(recorded.Action!);
        switch (verb)
        {
            case "start daprd":
                return await StartSidecarAsync(recorded, scenario.Sidecar(rest), moment, ct);
            case "kill daprd":
                await state.Sidecars[rest].KillAsync(ct);
                break;
            case "send SIGTERM to daprd":
                await moment.Sidecar!.TerminateAsync(ct);
                break;
            case "wait for daprd to end":
                await moment.Sidecar!.WaitForExitAsync(ExitLimit, ct);
                break;
            case "start app":
                await App(rest).StartAsync(ct);
                break;
            case "stop app":
                await App(rest).StopAsync();
                break;
            case HeldCalls.LetGo:
                await LetGoAsync(step, ct);
                break;
            case "GET / on the metrics port":
                var port = state.Placeholders.Expand(scenario.Sidecars[0].Port("metrics-port"));
                return moment with { Metrics = await state.Sender.Http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), ct) };
            case "publish":
                await PublishAsync(rest, ct);
                break;
            case "redis:":
                await ConfigureAsync(rest, ct);
                break;
            case "GET /healthz answers":
                break; // The step's app answers say so already.
            default:
                throw new ReplayException($"no action is called '{recorded.Action}'");
        }

        return moment;
    }

    public Task<Answer> SendAsync(RecordedRequest request, CancellationToken ct) =>
        state.Sender.SendAsync(request, PortOf(request.To), state.Placeholders.Expand, ct);

    private static (string Verb, string Arguments) Split(string action)
    {
        string[] verbs = ["start daprd", "kill daprd", "start app", "stop app", "publish", "redis:", "GET /healthz answers"];
        var verb = verbs.FirstOrDefault(verb => action.StartsWith(verb, StringComparison.Ordinal));
        return verb is null ? (action, "") : (verb, action[verb.Length..].Trim());
    }

    private async Task<StepMoment> StartSidecarAsync(
        RecordedStep step, RecordedSidecar recorded, StepMoment moment, CancellationToken ct)
    {
        var sidecar = await launcher.StartAsync(recorded, state.Folder, state.Placeholders, ct);
        state.Sidecars[recorded.Name] = sidecar;
        var isHealthy = await WaitUntilHealthyAsync(recorded, sidecar, ct);
        if (!isHealthy && step.Facts?.ContainsKey("healthy") != true)
        {
            var how = sidecar.ExitCode is { } code ? $"ended with exit code {code}" : "did not become healthy";
            throw new ReplayException($"the sidecar {recorded.Name} {how}; it logged\n{string.Join('\n', sidecar.Log.TakeLast(15))}");
        }

        foreach (var item in fixture.Configuration ?? [])
            await ConfigurationTable.SetAsync(state.EmbeddedDatabase, item[0]!, item[1]!, item[2], ct);
        return moment with { Sidecar = sidecar, IsHealthy = isHealthy };
    }

    private async Task<bool> WaitUntilHealthyAsync(RecordedSidecar recorded, ISidecar sidecar, CancellationToken ct)
    {
        // Without its app a sidecar is only half healthy, and stays so until the app comes.
        var isAppThere = recorded.AppName is null || (state.Apps.TryGetValue(recorded.AppName, out var app) && app.IsListening);
        var health = new RecordedRequest(null, "GET", isAppThere ? "/v1.0/healthz" : "/v1.0/healthz/outbound", [], null);
        var port = PortOf(recorded.Name);
        var start = TimeProvider.System.GetTimestamp();
        while (sidecar.ExitCode is null && TimeProvider.System.GetElapsedTime(start) < StartLimit)
        {
            if (await state.Sender.SendAsync(health, port, path => path, ct) is { Status: 204 })
                return true;
            await Task.Delay(PollInterval, TimeProvider.System, ct);
        }

        return false;
    }

    private async Task LetGoAsync(int step, CancellationToken ct)
    {
        var paths = HeldCalls.LetGoBy(scenario, step).ToList();
        foreach (var path in paths.Count > 0 ? paths : state.Gates.Closed.ToList())
            await state.Gates.OpenAsync(path, TimeSpan.FromSeconds(5), ct);
    }

    private async Task PublishAsync(string eventAndSidecar, CancellationToken ct)
    {
        var parts = eventAndSidecar.Split(" through ");
        var body = new RecordedBody(JsonNode.Parse(parts[0]), parts[0], null, null, null, null, null);
        var json = HeaderSet.From([("content-type", "application/json")]);
        var answer = await SendAsync(new RecordedRequest(parts[1], "POST", "/v1.0/publish/bus/orders", json, body), ct);
        if (answer.Status != 204)
            throw new ReplayException($"publishing was answered with {answer.Status?.ToString() ?? answer.Error}");
    }

    private Task ConfigureAsync(string command, CancellationToken ct) => command.Split(' ') switch
    {
        ["SET", var key, var item] => ConfigurationTable.SetAsync(state.EmbeddedDatabase, key, item, ct),
        ["DEL", var key] => ConfigurationTable.DeleteAsync(state.EmbeddedDatabase, key, ct),
        _ => throw new ReplayException($"no equivalent of 'redis: {command}'"),
    };

    private RecordedApp App(string name) => state.Apps[name.Length > 0 ? name : scenario.Apps[0]];

    private int PortOf(string? to)
    {
        var port = to == "public port"
            ? scenario.Sidecars[0].Port("dapr-public-port")
            : (to is null ? scenario.Sidecars[0] : scenario.Sidecar(to)).Port("dapr-http-port");
        return int.Parse(state.Placeholders.Expand(port), System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>A replay cannot go on.</summary>
internal sealed class ReplayException(string message) : Exception(message);
