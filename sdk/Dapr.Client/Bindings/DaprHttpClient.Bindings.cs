using System.Text.Json;

namespace Dapr.Client;

internal sealed partial class DaprHttpClient
{
    private const string BindingOperation = "Binding";

    public override async Task InvokeBindingAsync<TRequest>(string bindingName, string operation, TRequest data, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        using var response = await CallBindingAsync(bindingName, operation, data, metadata, cancellationToken);
    }

    public override async Task<TResponse> InvokeBindingAsync<TRequest, TResponse>(string bindingName, string operation, TRequest data, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        using var response = await CallBindingAsync(bindingName, operation, data, metadata, cancellationToken);
        // As in the package, no answer is the type's default.
        return (IsEmpty(response) ? default : await ReadJsonAsync<TResponse>(response, BindingOperation, cancellationToken))!;
    }

    public override async Task<BindingResponse> InvokeBindingAsync(BindingRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var response = await CallBindingAsync(request.BindingName, request.Operation, new Raw(request.Data), request.Metadata, cancellationToken);
        var data = await response.Content.ReadAsByteArrayAsync(cancellationToken);

        const string prefix = "metadata.";
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                metadata[name[prefix.Length..]] = values.ToString();
        }

        return new BindingResponse(request, data, metadata);
    }

    private async Task<HttpResponseMessage> CallBindingAsync<T>(string bindingName, string operation, T data, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(bindingName);
        ArgumentException.ThrowIfNullOrEmpty(operation);

        var body = _bodies.Create((operation, data, metadata, options: JsonSerializerOptions), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteString("operation"u8, state.operation);
            if (state.data is not Raw { Bytes.IsEmpty: true })
            {
                json.WritePropertyName("data"u8);
                if (state.data is Raw raw)
                    RawValue.WriteBindingData(json, raw.Bytes.Span);
                else
                    JsonSerializer.Serialize(json, state.data, state.options);
            }

            if (state.metadata is { Count: > 0 })
                StateJson.WriteMap(json, "metadata"u8, state.metadata);
            json.WriteEndObject();
        });
        using var request = _http.Request(HttpMethod.Post, "/v1.0/bindings/" + Uri.EscapeDataString(bindingName), body);
        return await _http.SendCheckedAsync(request, BindingOperation, cancellationToken);
    }
}
