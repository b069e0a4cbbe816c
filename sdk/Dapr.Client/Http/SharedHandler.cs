using System.Diagnostics;

namespace Dapr.Client;

/// <summary>
/// Lets clients send through a handler that the app's container owns: disposing a client leaves it alone,
/// and the trace context goes along, which only a socket's handler would do by itself.
/// </summary>
internal sealed class SharedHandler(HttpMessageHandler inner) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _inner = new(inner, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Activity.Current is { } activity && !request.Headers.NonValidated.Contains("traceparent"))
            DistributedContextPropagator.Current.Inject(activity, request, AddHeader);
        return _inner.SendAsync(request, cancellationToken);
    }

    private static void AddHeader(object? carrier, string name, string value) =>
        (carrier as HttpRequestMessage)?.Headers.TryAddWithoutValidation(name, value);
}
