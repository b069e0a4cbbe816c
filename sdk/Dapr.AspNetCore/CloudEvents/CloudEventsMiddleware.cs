using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Dapr.AspNetCore;

/// <summary>Replaces the body of a request that is a CloudEvent by the event's data.</summary>
internal sealed class CloudEventsMiddleware(RequestDelegate next, CloudEventsMiddlewareOptions options)
{
    private const string CloudEventsJson = "application/cloudevents+json";

    public Task InvokeAsync(HttpContext context) =>
        IsCloudEvent(context.Request.ContentType, out var charset) ? UnwrapAsync(context, charset) : next(context);

    private static bool IsCloudEvent(string? contentType, out string? charset)
    {
        charset = null;
        // A batch (application/cloudevents-batch+json) starts differently; parameters may follow.
        if (contentType is null || !contentType.StartsWith(CloudEventsJson, StringComparison.Ordinal))
            return false;
        if (contentType.Length == CloudEventsJson.Length)
            return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var parsed) || parsed.MediaType != CloudEventsJson)
            return false;
        charset = parsed.Charset.Value;
        return true;
    }

    private async Task UnwrapAsync(HttpContext context, string? charset)
    {
        var request = context.Request;
        byte[] body;
        string? contentType;
        try
        {
            using var json = await ParseAsync(context, charset);
            var envelope = new CloudEventEnvelope(json.RootElement);
            if (envelope.IsAmbiguous)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }

            (body, contentType) = envelope.Unwrap(options.SuppressJsonDecodingOfTextPayloads);
            if (options.ForwardCloudEventPropertiesAsHeaders)
                CloudEventHeaders.Add(request.Headers, json.RootElement, options);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            // Not a CloudEvent after all: no redelivery will make it one, and it is the sender's fault.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var originalBody = request.Body;
        var originalContentType = request.ContentType;
        try
        {
            request.Body = new MemoryStream(body, writable: false);
            request.ContentType = contentType;
            await next(context);
        }
        finally
        {
            request.ContentType = originalContentType;
            request.Body = originalBody;
        }
    }

    private static async Task<JsonDocument> ParseAsync(HttpContext context, string? charset)
    {
        if (string.IsNullOrEmpty(charset) || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);

        using var reader = new HttpRequestStreamReader(context.Request.Body, Encoding.GetEncoding(charset));
        return JsonDocument.Parse(await reader.ReadToEndAsync());
    }
}
