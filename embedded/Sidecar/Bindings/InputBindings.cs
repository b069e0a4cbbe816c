using System.Diagnostics;
using System.Net;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.PubSub;
using DaprMesh.Sidecar.Resiliency;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Bindings;

/// <summary>The input bindings of one app: asks whether it wants them, and brings their events to it.</summary>
#pragma warning disable CA1001 // The semaphore and the token source hold nothing to release: no wait handle, no timer.
internal sealed class InputBindings(SidecarContext context, AppChannel app)
#pragma warning restore CA1001
{
    private readonly ILogger _log = context.Loggers.CreateLogger("dapr.runtime.processor.binding");
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _abandon = new();
    private readonly List<IAsyncDisposable> _reading = [];
    private bool _started;
    private bool _stopped;

    public async Task StartAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            _started = true;
            if (_stopped || _reading.Count > 0)
            {
                return;
            }

            var wanted = await Task.WhenAll(context.Components.OfKind<IInputBinding>().Select(async entry =>
                (entry.Component, entry.Instance, IsWanted: await IsWantedAsync(entry.Component, ct))));
            foreach (var (component, binding, _) in wanted.Where(entry => entry.IsWanted))
            {
                var name = component.Name;
                var route = Route(component);
                _reading.Add(binding.Read((message, _) => DeliverAsync(name, route, message, _abandon.Token)));
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Bindings have come or gone: reads those of now, unless the app gets no work.</summary>
    public async Task ReopenAsync(CancellationToken ct)
    {
        if (!_started)
        {
            return;
        }

        await CloseAsync();
        if (context.Health.AppHealthy)
        {
            await StartAsync(ct);
        }
    }

    public async Task CloseAsync()
    {
        await _turn.WaitAsync();
        try
        {
            await Task.WhenAll(_reading.Select(reading => reading.DisposeAsync().AsTask()));
            _reading.Clear();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>As <see cref="CloseAsync"/>; events still handled when <paramref name="ct"/> ends are cut off.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        _stopped = true;
        await using var cut = ct.UnsafeRegister(static abandon => ((CancellationTokenSource)abandon!).Cancel(), _abandon); // the state given here
        await CloseAsync();
    }

    private static string Route(LoadedComponent component) =>
        component.Resource.Metadata.TryGetValue("route", out var route) && route.Length > 0 ? route : component.Name;

    private async Task<bool> IsWantedAsync(LoadedComponent component, CancellationToken ct)
    {
        if (component.Resource.Metadata.TryGetValue("direction", out var direction) && direction.Length > 0)
        {
            return direction.Contains("input", StringComparison.OrdinalIgnoreCase);
        }

        using var timeout = new CancellationTokenSource(context.Options.AppBindingOptionsTimeout, context.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            using var request = app.Request(HttpMethod.Options, AppDelivery.Escape(Route(component)));
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            using var response = await app.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.MethodNotAllowed;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            _log.LogError("could not ask the app whether it wants the input binding {Name}: {Reason}", component.Name, e.Message);
            return false;
        }
    }

    private async ValueTask<bool> DeliverAsync(string name, string route, BindingEvent message, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var success = false;
        message.Metadata.TryGetValue("traceparent", out var parent);
        message.Metadata.TryGetValue("tracestate", out var state);
        var span = context.Tracing.StartConsumer("bindings/" + name, parent, state);
        var status = 0;
        try
        {
            var policy = context.Resiliency.Inbound(name, ComponentKind.Binding);
            status = await policy.RunAsync(
                async attempt =>
                {
                    var answered = await PostAsync(route, message, span, attempt);
                    return answered == 200 || (policy.IsNone && answered is >= 200 and <= 299)
                        ? answered
                        : throw new StatusException(answered, $"fails to send binding event to http app channel, status code: {answered}");
                },
                ct);
            success = true;
        }
#pragma warning disable CA1031 // What a delivery meets is logged; the component hears that it failed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            status = e is StatusException failed ? failed.Status : 500;
            _log.LogError("error from the app at an event of the binding {Name}: {Reason}", name, e.Message);
        }
        finally
        {
            context.Tracing.End(span, status);
            context.Metrics.InputBinding(name, success, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return success;
    }

    private async ValueTask<int> PostAsync(string route, BindingEvent message, Activity? span, CancellationToken ct)
    {
        using var request = app.Request(HttpMethod.Post, AppDelivery.Escape(route));
        request.Content = new ReadOnlyMemoryContent(message.Data);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        foreach (var (name, value) in message.Metadata)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (span is { Id: { } id })
        {
            request.Headers.Remove("traceparent");
            request.Headers.TryAddWithoutValidation("traceparent", id);
        }

        var started = Stopwatch.GetTimestamp();
        using var response = await app.SendAsync(request, ct);
        var status = (int)response.StatusCode;
        context.Metrics.HttpClient("POST", route, status, Stopwatch.GetElapsedTime(started).TotalMilliseconds, message.Data.Length, 0);
        return status;
    }
}
