using System.Diagnostics;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.Bindings;

/// <summary>Dapr's bindings: <c>POST /v1.0/bindings/{name}</c>, and the input bindings that call the app.</summary>
internal sealed class BindingsApi(SidecarContext context) : IBuildingBlock
{
    private readonly InputBindings? _inputs = context.App is null ? null : new InputBindings(context, context.App);

    public void Map(RouteTable routes) => routes.Map("POST|PUT", "v1.0/bindings/{name}", "bindings", InvokeAsync);

    public Task StartAsync(CancellationToken ct) => _inputs?.StartAsync(ct) ?? Task.CompletedTask;

    public Task PauseAsync(CancellationToken ct) => _inputs?.CloseAsync() ?? Task.CompletedTask;

    public Task ResumeAsync(CancellationToken ct) => _inputs?.StartAsync(ct) ?? Task.CompletedTask;

    public Task StopAsync(CancellationToken ct) => _inputs?.StopAsync(ct) ?? Task.CompletedTask;

    public Task BeforeReloadAsync(ResourceChange change, CancellationToken ct) =>
        change.Closes<IInputBinding>() ? PauseAsync(ct) : Task.CompletedTask;

    public Task AfterReloadAsync(ResourceChange change, CancellationToken ct) =>
        _inputs is not null && (change.Closes<IInputBinding>() || change.Opens<IInputBinding>()) ? _inputs.ReopenAsync(ct) : Task.CompletedTask;

    private async Task InvokeAsync(ApiCall call)
    {
        var name = call["name"];
        var request = await OutputBindingRequest.ReadAsync(call);
        if (!context.Components.TryGet<IOutputBinding>(name, out var binding))
        {
            throw Failed(name, $"couldn't find output binding {name}", null);
        }

        if (request.Operation.Length == 0)
        {
            throw Failed(name, "operation field is missing from request", null);
        }

        if (!binding.Operations.Contains(request.Operation))
        {
            throw Failed(
                name,
                $"binding {name} does not support operation {request.Operation}. supported operations:{string.Join(' ', binding.Operations)}",
                null);
        }

        var answer = await RunAsync(name, binding, Traced(call, request), call.Aborted);
        if (answer is null)
        {
            call.NoContent();
            return;
        }

        foreach (var (header, value) in Headers(answer.Metadata))
        {
            call.Http.Response.Headers[header] = value;
        }

        await call.JsonAsync(answer.Data);
    }

    private async Task<BindingAnswer?> RunAsync(string name, IOutputBinding binding, BindingRequest request, CancellationToken ct)
    {
        BindingAnswer? answer = null;
        var started = Stopwatch.GetTimestamp();
        var success = false;
        try
        {
            await context.Resiliency.Outbound(name, ComponentKind.Binding).RunAsync(
                async attempt =>
                {
                    answer = await binding.InvokeAsync(request, attempt);
                    return answer?.FailedStatus is { } status ? throw new StatusException(status, $"received status code {status}") : true;
                },
                ct);
            success = true;
            return answer;
        }
#pragma warning disable CA1031 // Whatever a binding meets is this API's answer.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            throw Failed(name, e.Message, answer);
        }
        finally
        {
            context.Metrics.OutputBinding(name, request.Operation, success, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private static BindingRequest Traced(ApiCall call, BindingRequest request)
    {
        if (ApiRequest.Of(call.Http)?.Span is not { Id: { } id } span)
        {
            return request;
        }

        var metadata = new Dictionary<string, string>(request.Metadata, StringComparer.Ordinal) { ["traceparent"] = id };
        if (span.TraceStateString is { Length: > 0 } state)
        {
            metadata["tracestate"] = state;
        }

        if (call.Http.Request.Headers["baggage"].ToString() is { Length: > 0 } baggage)
        {
            metadata["baggage"] = baggage;
        }

        return request with { Metadata = metadata };
    }

    private static ApiException Failed(string name, string reason, BindingAnswer? answer) =>
        new(500, "ERR_INVOKE_OUTPUT_BINDING", $"error invoking output binding {name}: {reason}") { Headers = Headers(answer?.Metadata) };

    private static Dictionary<string, string> Headers(IReadOnlyDictionary<string, string>? metadata) =>
        (metadata ?? new Dictionary<string, string>()).ToDictionary(pair => "metadata." + pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
