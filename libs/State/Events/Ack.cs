using Microsoft.AspNetCore.Http;

namespace DaprMesh.State;

/// <summary>What a handler of an event answers the sidecar. An exception is the third answer: once more.</summary>
public sealed class Ack : IResult
{
    private readonly byte[] _body;

    private Ack(string status) => _body = System.Text.Encoding.UTF8.GetBytes($$"""{"status":"{{status}}"}""");

    public static Ack Success { get; } = new("SUCCESS");

    /// <summary>Never again: the event goes to the dead-letter topic.</summary>
    public static Ack Drop { get; } = new("DROP");

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.StatusCode = StatusCodes.Status200OK;
        httpContext.Response.ContentType = "application/json";
        httpContext.Response.ContentLength = _body.Length;
        await httpContext.Response.Body.WriteAsync(_body, httpContext.RequestAborted);
    }
}
