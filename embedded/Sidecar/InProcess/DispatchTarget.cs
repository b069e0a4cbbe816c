using System.Net;
using Microsoft.AspNetCore.Hosting.Server;

namespace DaprMesh.Sidecar.InProcess;

/// <summary>
/// Hands a request to a host's <see cref="IHttpApplication{TContext}"/>: the same method, path, headers, streamed bodies, cancellation and
/// middleware as over a socket, without the socket and the parsing.
/// </summary>
/// <param name="port">The port the host would have been reached at; it sees it as the connection's local port.</param>
public sealed class DispatchTarget<TContext>(IHttpApplication<TContext> application, int port) : IDispatchTarget where TContext : notnull
{
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (request.RequestUri!.AbsolutePath.Contains("%00", StringComparison.Ordinal)) // the client that sends it has given it an address
        {
            // As a server answers a path with a null character, before any application sees it.
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadRequest) { RequestMessage = request, Content = new ByteArrayContent([]) });
        }

        if (request.Content is not { } content)
        {
            return Send(request, null, ct);
        }

        // Most contents have their stream at hand; others write themselves out first, which only the asynchronous way can do.
        var body = content.ReadAsStreamAsync(ct);
        return body.IsCompletedSuccessfully ? Send(request, body.Result, ct) : SendWhenReadableAsync(request, body, ct);
    }

    private async Task<HttpResponseMessage> SendWhenReadableAsync(HttpRequestMessage request, Task<Stream> body, CancellationToken ct) =>
        await Send(request, await body, ct);

    private Task<HttpResponseMessage> Send(HttpRequestMessage request, Stream? body, CancellationToken ct)
    {
        var exchange = new DispatchExchange(request, body, port, ct);

        // A deep chain of hosts calling each other synchronously continues on a fresh stack.
        if (!System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return Task.Run(() => Start(exchange), ct);
        }

        return Start(exchange);
    }

    private Task<HttpResponseMessage> Start(DispatchExchange exchange)
    {
        // The callee must not see the caller's AsyncLocals (HttpContext, Activity, log scopes), as it would not over a socket.
        Task? processing = null;
        ExecutionContext.Run(CleanContext.Instance, _ => processing = ProcessAsync(exchange), null);
        return exchange.Return(processing!); // the delegate has set it
    }

    private async Task ProcessAsync(DispatchExchange exchange)
    {
        var context = application.CreateContext(exchange.Features);
        Exception? error = null;
        try
        {
            await application.ProcessRequestAsync(context);
            await exchange.CompleteAsync();
        }
#pragma warning disable CA1031 // Whatever escapes the application ends the exchange the way a server would end the connection.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = e;
            exchange.Fail(e);
        }
        finally
        {
            try
            {
                application.DisposeContext(context, error);
                await exchange.FireCompletedAsync();
            }
            finally
            {
                exchange.End();
            }
        }
    }
}

/// <summary>An execution context without anything in it.</summary>
internal static class CleanContext
{
    public static readonly ExecutionContext Instance = Capture();

    private static ExecutionContext Capture()
    {
        ExecutionContext? captured = null;
        var thread = new Thread(() => captured = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return captured!;
    }
}
