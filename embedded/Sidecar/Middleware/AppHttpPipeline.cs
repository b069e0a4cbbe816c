using System.Net;
using System.Text;
using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Middleware;

/// <summary>The appHttpPipeline of the Configuration, between the sidecar and its app.</summary>
internal sealed class AppHttpPipeline : DelegatingHandler
{
    private readonly PipelineSteps _steps;

    private AppHttpPipeline(PipelineSteps steps, HttpMessageHandler transport) : base(transport) => _steps = steps;

    /// <summary>The transport behind the pipeline; the transport itself when there is nothing in the pipeline.</summary>
    public static HttpMessageHandler Of(SidecarContext context, HttpMessageHandler transport) =>
        new PipelineSteps(context.Configuration.AppHttpPipeline, context) is { IsConfigured: true } steps ? new AppHttpPipeline(steps, transport) : transport;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var address = request.RequestUri!;
        var exchange = new MiddlewareExchange(
            address.AbsolutePath, address.Query, remoteAddress: null,
            name => request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null);
        foreach (var step in _steps.Current)
        {
            await step.ApplyAsync(exchange, ct);
            if (exchange.Refusal is { } refusal)
            {
                return AddHeaders(exchange, new HttpResponseMessage((HttpStatusCode)refusal.Status)
                {
                    Content = new StringContent(refusal.Text, Encoding.UTF8, "text/plain"),
                    RequestMessage = request,
                });
            }
        }

        if (exchange.IsRewritten)
        {
            request.RequestUri = new Uri(
                $"{address.Scheme}://{address.Authority}{exchange.Path}{exchange.Query}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        }

        if (exchange.RequestBytes is { } outgoing && request.Content is { } content)
            request.Content = await MappedAsync(content, outgoing, ct);

        var response = await base.SendAsync(request, ct);
        if (exchange.ResponseBytes is { } incoming)
            response.Content = await MappedAsync(response.Content, incoming, ct);

        return AddHeaders(exchange, response);
    }

    private static async Task<HttpContent> MappedAsync(HttpContent content, Func<byte, byte> map, CancellationToken ct)
    {
        var mapped = new StreamContent(new MappedStream(await content.ReadAsStreamAsync(ct), map));
        foreach (var (name, values) in content.Headers.NonValidated)
        {
            mapped.Headers.TryAddWithoutValidation(name, values);
        }

        return mapped;
    }

    private static HttpResponseMessage AddHeaders(MiddlewareExchange exchange, HttpResponseMessage response)
    {
        foreach (var (name, value) in exchange.ResponseHeaders)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}
