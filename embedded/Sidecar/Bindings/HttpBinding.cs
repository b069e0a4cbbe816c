using System.Globalization;
using System.Net.Sockets;
using DaprMesh.Sidecar.PubSub;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Bindings;

/// <summary><c>bindings.http</c>: calls a web server.</summary>
internal sealed class HttpBinding(Component component) : IOutputBinding
{
    private const string Json = "application/json; charset=utf-8";

    private HttpMessageInvoker? _client;
    private HttpBindingSettings? _settings;

    public IReadOnlyList<string> Capabilities { get; } = ["OUTPUT_BINDING"];

    public IReadOnlyList<string> Operations { get; } = ["create", "get", "head", "post", "put", "patch", "delete", "options", "trace"];

    public Task InitAsync(CancellationToken ct)
    {
        _settings = HttpBindingSettings.Read(component);
        _client = new HttpMessageInvoker(_settings.Handler(), disposeHandler: true);
        return Task.CompletedTask;
    }

    public async ValueTask<BindingAnswer?> InvokeAsync(BindingRequest request, CancellationToken ct)
    {
        var settings = _settings ?? throw new InvalidOperationException("bindings.http is not initialised");
        var client = _client ?? throw new InvalidOperationException("bindings.http is not initialised");
        var url = Address(settings, request);
        using var message = Message(settings, request, url);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (settings.ResponseTimeout is { } limit)
        {
            timeout.CancelAfter(limit);
        }

        try
        {
            using var response = await client.SendAsync(message, timeout.Token);
            var body = await ReadAsync(response, settings.MaxResponseBodySize, timeout.Token);
            var isError = request.Metadata.TryGetValue("errorIfNot2XX", out var given) && given.Length > 0
                ? HttpBindingSettings.IsTruthy(given)
                : settings.ErrorIfNot2XX;
            return new BindingAnswer(body, Metadata(response), isError && !response.IsSuccessStatusCode ? (int)response.StatusCode : null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new BindingException($"{Verb(message.Method)} \"{url}\": context deadline exceeded");
        }
        catch (HttpRequestException e)
        {
            throw new BindingException($"{Verb(message.Method)} \"{url}\": {Reason(e, message.RequestUri!)}"); // set above
        }
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Address(HttpBindingSettings settings, BindingRequest request) =>
        request.Metadata.TryGetValue("path", out var path) && path.Length > 0
            ? settings.Url.TrimEnd('/') + "/" + path.TrimStart('/')
            : settings.Url;

    private static HttpRequestMessage Message(HttpBindingSettings settings, BindingRequest request, string url)
    {
        var method = request.Operation == "create" ? HttpMethod.Post : new HttpMethod(request.Operation.ToUpperInvariant());
        if (!Uri.TryCreate(AppDelivery.Escape(url), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out var address))
        {
            throw new BindingException($"parse \"{url}\": invalid URI for request");
        }

        var message = new HttpRequestMessage(method, address);
        if (method.Method is "POST" or "PUT" or "PATCH")
        {
            message.Content = new ReadOnlyMemoryContent(request.Data);
        }

        Set(message, "Accept", Json);
        Set(message, "Content-Type", Json);
        if (settings.SecurityToken is { Length: > 0 } token && settings.SecurityTokenHeader is { Length: > 0 } header)
        {
            Set(message, header, token);
        }

        // Names that begin with a capital letter are headers, and so are those of the trace.
        foreach (var (name, value) in request.Metadata)
        {
            if (name.Length > 0 && (char.IsAsciiLetterUpper(name[0]) || (name is "traceparent" or "tracestate" or "baggage" && value.Length > 0)))
            {
                Set(message, name, value);
            }
        }

        return message;
    }

    private static void Set(HttpRequestMessage message, string name, string value)
    {
        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || value.AsSpan().ContainsAnyInRange('\0', '\u001F'))
        {
            return;
        }

        if (message.Headers.TryAddWithoutValidation(name, []))
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }
        else if (message.Content is { } content)
        {
            content.Headers.Remove(name);
            content.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static async ValueTask<byte[]> ReadAsync(HttpResponseMessage response, long limit, CancellationToken ct)
    {
        if (limit <= 0)
        {
            return await response.Content.ReadAsByteArrayAsync(ct);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var body = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (body.Length < limit)
        {
            var read = await stream.ReadAsync(chunk.AsMemory(0, (int)Math.Min(chunk.Length, limit - body.Length)), ct);
            if (read == 0)
            {
                break;
            }

            body.Write(chunk.AsSpan(0, read));
        }

        return body.ToArray();
    }

    private static Dictionary<string, string> Metadata(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["statusCode"] = status.ToString(CultureInfo.InvariantCulture),
            ["status"] = string.IsNullOrEmpty(response.ReasonPhrase) ? status.ToString(CultureInfo.InvariantCulture) : $"{status} {response.ReasonPhrase}",
        };
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            if (!name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase) && !name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            {
                metadata[name] = string.Join(", ", values);
            }
        }

        return metadata;
    }

    private static string Verb(HttpMethod method) => method.Method[0] + method.Method[1..].ToLowerInvariant();

    private static string Reason(HttpRequestException e, Uri address) => e.InnerException is SocketException socket
        ? socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => $"dial tcp {address.Host}:{address.Port}: connect: connection refused",
            SocketError.HostNotFound or SocketError.TryAgain => $"dial tcp: lookup {address.Host}: no such host",
            _ => $"dial tcp {address.Host}:{address.Port}: {socket.Message}",
        }
        : e.InnerException?.Message ?? e.Message;
}
