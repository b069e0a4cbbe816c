using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using DaprMesh.Golden.Tests.Comparison;
using DaprMesh.Golden.Tests.Recording;
using DaprMesh.Golden.Tests.Replay;
using DaprMesh.Programs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Golden.Tests.SelfTest;

/// <summary>
/// Plays the part of daprd out of a recording: answers every request with the recorded answer and makes the recorded
/// calls. With it the replay is tested against something that is known to be right, or wrong in a known way.
/// </summary>
internal sealed partial class RecordedDaprd(Scenario scenario) : ISidecarLauncher, IDisposable
{
    private readonly Queue<RecordedStep> _steps = new(scenario.Steps.Where(step => step.Request is not null));
    private readonly Dictionary<string, string> _invented = [];
    private readonly RequestSender _sender = new();

    [GeneratedRegex(@"\$(?<kind>uuid|etag|trace|span|time|port|ptr|duration|hostName|daprdVersion)\d*(?![A-Za-z])")]
    private static partial Regex ChosenByDaprd { get; }

    public async Task<ISidecar> StartAsync(
        RecordedSidecar sidecar, string folder, Placeholders placeholders, CancellationToken ct)
    {
        var start = scenario.Steps.Single(step => step.Action == $"start daprd {sidecar.Name}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var port = int.Parse(placeholders.Expand(sidecar.Port("dapr-http-port")), CultureInfo.InvariantCulture);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });

        var server = builder.Build();
        var isUp = false;
        server.Run(async context =>
        {
            if (!isUp)
            {
                isUp = true;
                await CallAsync(start.AppCalls, Expand, context.RequestAborted);
                context.Response.StatusCode = 204;
                return;
            }

            var step = _steps.Dequeue();
            await CallAsync(step.AppCalls, Expand, context.RequestAborted);
            await AnswerAsync(context, step.Response!, Expand);
        });
        await server.StartAsync(ct);
        return new Running(server);

        string Expand(string text) => placeholders.Expand(ChosenByDaprd.Replace(text, Invent));
    }

    public void Dispose() => _sender.Dispose();

    private async Task CallAsync(IReadOnlyList<RecordedCall> calls, Func<string, string> expand, CancellationToken ct)
    {
        foreach (var call in calls)
        {
            var query = call.Query.Length > 0 ? $"?{call.Query}" : "";
            var headers = HeaderSet.From(call.Headers
                .Where(header => header.Key is not ("host" or "content-length"))
                .SelectMany(header => header.Value.Select(value => (header.Key, value))));
            var port = int.Parse(expand($"${call.App}Port"), CultureInfo.InvariantCulture);
            await _sender.SendAsync(new RecordedRequest(null, call.Method, call.Path + query, headers, call.Body), port, expand, ct);
        }
    }

    private static async Task AnswerAsync(HttpContext context, RecordedResponse response, Func<string, string> expand)
    {
        context.Response.StatusCode = response.Status!.Value;
        foreach (var (name, values) in response.Headers)
            context.Response.Headers[name] = values.Select(expand).ToArray();
        if (response.Body is not null)
            await context.Response.Body.WriteAsync(response.Body.ToBytes(expand), context.RequestAborted);
    }

    private string Invent(Match match)
    {
        if (!_invented.TryGetValue(match.Value, out var value))
        {
            _invented[match.Value] = value = match.Groups["kind"].Value switch
            {
                "trace" => Guid.NewGuid().ToString("N"),
                "span" => Guid.NewGuid().ToString("N")[..16],
                "time" => "2026-08-14T10:00:00Z",
                "port" => "4711",
                "hostName" => Environment.MachineName,
                _ => Guid.NewGuid().ToString(),
            };
        }

        return value;
    }

    private sealed class Running(WebApplication server) : ISidecar
    {
        public int? ExitCode => null;

        public IReadOnlyList<string> Log => [];

        public Task WaitForExitAsync(TimeSpan atMost, CancellationToken ct) => Task.CompletedTask;

        public Task TerminateAsync(CancellationToken ct) => server.StopAsync(ct);

        public Task KillAsync(CancellationToken ct) => server.StopAsync(ct);

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
