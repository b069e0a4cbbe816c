using System.Net;
using DaprMesh.Golden.Tests.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>The app of a scenario: a server that answers what it was set to answer and writes down who called.</summary>
internal sealed class RecordedApp(string name, int port, CallLog log, Gates gates, Scripts scripts, Func<string, string> expand)
    : IAsyncDisposable
{
    private WebApplication? _server;

    public string Name => name;

    public AnswerTable Answers { get; } = new();

    public bool IsListening => _server is not null;

    public async Task StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = name });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
        var server = builder.Build();
        server.Run(HandleAsync);
        await server.StartAsync(ct);
        _server = server;
    }

    public async Task StopAsync()
    {
        if (_server is not { } server)
            return;
        _server = null;
        await server.StopAsync(CancellationToken.None);
        await server.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var arrivedAt = TimeProvider.System.GetTimestamp();
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        var headers = HeaderSet.From(context.Request.Headers
            .SelectMany(header => header.Value.Select(value => (header.Key, value ?? ""))));

        var answer = Answers.Next(context.Request.Method, path);
        using var body = new MemoryStream();
        try
        {
            // Without the request's own token: it fires when the sidecar hangs up, maybe before what it had sent is read.
            await context.Request.Body.CopyToAsync(body, CancellationToken.None);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            // The sidecar gave up while it was sending; what has come so far is what the app saw.
        }

        var call = new AppCall(
            name, context.Request.Method, path, question < 0 ? "" : target[(question + 1)..], headers, body.ToArray(), arrivedAt);
        log.Add(call);

        try
        {
            await AnswerAsync(context, call, answer);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            // The sidecar no longer waits for this answer, as with a timeout.
            context.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext context, AppCall call, AppAnswer answer)
    {
        var ct = context.RequestAborted;
        if (answer.Connection is not null)
        {
            context.Abort();
            return;
        }

        if (answer.DelayMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(answer.DelayMs), TimeProvider.System, ct);

        if (answer.Script is not null)
            answer = await scripts.RunAsync(answer.Script, call, gates, log, ct);
        else if (answer.Held)
            await gates.PassAsync(call.Path, ct);

        await WriteAsync(context, answer, ct);
        if (answer.Held)
            gates.Left(call.Path);
    }

    private async Task WriteAsync(HttpContext context, AppAnswer answer, CancellationToken ct)
    {
        var response = context.Response;
        response.StatusCode = answer.Status!.Value;
        foreach (var (header, values) in answer.Headers ?? [])
            response.Headers[header] = values.Select(expand).ToArray();

        if (answer.Chunks is not null)
        {
            foreach (var chunk in answer.Chunks)
            {
                await response.WriteAsync(chunk, ct);
                await response.Body.FlushAsync(ct);
            }
        }
        else if (answer.Status is not (204 or 304) and >= 200)
        {
            var bytes = answer.Body?.ToBytes(expand) ?? [];
            response.ContentLength = bytes.Length;
            if (context.Request.Method != "HEAD")
                await response.Body.WriteAsync(bytes, ct);
        }

        await response.CompleteAsync();
    }
}
