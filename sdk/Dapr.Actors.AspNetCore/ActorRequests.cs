using System.IO.Pipelines;
using Dapr.Actors.Communication;
using Dapr.Actors.Runtime;
using Microsoft.AspNetCore.Http;

namespace Dapr.Actors.AspNetCore;

/// <summary>The requests that a sidecar sends to an app with actors. All of them are answered with 200 or fail.</summary>
internal sealed class ActorRequests(ActorRuntime runtime)
{
    public const string ActorType = "actorTypeName";
    public const string ActorId = "actorId";
    private const string Name = "name";
    private const string Json = "application/json";

    public async Task ConfigAsync(HttpContext context)
    {
        using var output = new PooledBuffer();
        runtime.WriteSettings(output);
        await AnswerAsync(context, output);
    }

    public Task DeactivateAsync(HttpContext context) => runtime.DeactivateAsync(Value(context, ActorType), Value(context, ActorId));

    public async Task InvokeAsync(HttpContext context)
    {
        var call = Call(context);
        using var output = new PooledBuffer();
        var reader = context.Request.BodyReader;
        var body = await ReadAsync(reader, context.RequestAborted);
        try
        {
            if (!context.Request.Headers.ContainsKey(ActorHeaders.TypedCall))
                await runtime.InvokeAsync(call, body.Buffer, output, context.RequestAborted);
            else if (await runtime.InvokeTypedAsync(call, body.Buffer, output, context.RequestAborted) is { } fault)
                context.Response.Headers[ActorHeaders.Error] = fault;
        }
        finally
        {
            reader.AdvanceTo(body.Buffer.End);
        }

        await AnswerAsync(context, output);
    }

    public async Task RemindAsync(HttpContext context)
    {
        using var body = await BodyAsync(context);
        await runtime.RemindAsync(Call(context), body.Written);
    }

    public async Task FireTimerAsync(HttpContext context)
    {
        using var body = await BodyAsync(context);
        await runtime.FireTimerAsync(Call(context), body.Written);
        context.Response.ContentType = Json;
        await context.Response.BodyWriter.WriteAsync("false"u8.ToArray(), context.RequestAborted); // "true" would be a result, which callbacks don't have
    }

    private static ActorCall Call(HttpContext context) => new(
        Value(context, ActorType),
        Value(context, ActorId),
        Value(context, Name),
        context.Request.Headers.TryGetValue(ActorHeaders.ReentrancyId, out var id) ? id.ToString() : null);

    // The route patterns make these values necessary.
    private static string Value(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    private static async ValueTask<ReadResult> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.IsCompleted)
                return result;
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static async Task<PooledBuffer> BodyAsync(HttpContext context)
    {
        var body = new PooledBuffer();
        await body.FillAsync(context.Request.Body, context.RequestAborted);
        return body;
    }

    private static async Task AnswerAsync(HttpContext context, PooledBuffer output)
    {
        context.Response.ContentLength = output.Length;
        if (output.Length == 0)
            return;
        context.Response.ContentType = Json;
        await context.Response.BodyWriter.WriteAsync(output.Written, context.RequestAborted);
    }
}
