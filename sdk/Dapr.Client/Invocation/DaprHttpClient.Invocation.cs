using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Dapr.Client;

internal sealed partial class DaprHttpClient
{
    private static readonly HttpRequestOptionsKey<string> AppIdOption = new("dapr-app-id");
    private static readonly HttpRequestOptionsKey<string> MethodNameOption = new("dapr-method-name");

    public override HttpClient CreateInvokableHttpClient(string? appId = null) =>
        InvocationClient.Create(appId, _endpoint.AbsoluteUri, _token, _sharedHandler is null ? null : new SharedHandler(_sharedHandler));

    public override HttpRequestMessage CreateInvokeMethodRequest(HttpMethod httpMethod, string appId, string methodName) =>
        CreateInvokeMethodRequest(httpMethod, appId, methodName, []);

    public override HttpRequestMessage CreateInvokeMethodRequest(HttpMethod httpMethod, string appId, string methodName, IReadOnlyCollection<KeyValuePair<string, string>> queryStringParameters)
    {
        ArgumentNullException.ThrowIfNull(httpMethod);
        ArgumentException.ThrowIfNullOrEmpty(appId);
        ArgumentNullException.ThrowIfNull(methodName);

        var path = $"/v1.0/invoke/{appId}/method/{methodName.TrimStart('/')}";
        if (queryStringParameters is { Count: > 0 })
        {
            var text = new StringBuilder(path);
            foreach (var (name, value) in queryStringParameters)
                ApiPath.Append(text, name, value);
            path = text.ToString();
        }

        var request = new HttpRequestMessage(httpMethod, new Uri(_endpoint, path));
        request.Options.Set(AppIdOption, appId);
        request.Options.Set(MethodNameOption, methodName);
        request.Headers.TryAddWithoutValidation("User-Agent", SidecarHttp.UserAgent);
        if (_token is not null)
            request.Headers.TryAddWithoutValidation(InvocationHandler.TokenHeader, _token);
        return request;
    }

    public override HttpRequestMessage CreateInvokeMethodRequest<TRequest>(HttpMethod httpMethod, string appId, string methodName, IReadOnlyCollection<KeyValuePair<string, string>> queryStringParameters, TRequest data)
    {
        var request = CreateInvokeMethodRequest(httpMethod, appId, methodName, queryStringParameters);
        request.Content = JsonContent.Create(data, options: JsonSerializerOptions);
        return request;
    }

    [Obsolete("Use an HttpClient of CreateInvokableHttpClient for service invocation.")]
    public override async Task<HttpResponseMessage> InvokeMethodWithResponseAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not null && !_endpoint.IsBaseOf(request.RequestUri))
            throw new InvalidOperationException("The provided request URI is not a Dapr service invocation URI.");

        try
        {
            return await _httpClient.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw Failed(request, e, response: null);
        }
    }

    [Obsolete("Use an HttpClient of CreateInvokableHttpClient for service invocation.")]
    public override async Task InvokeMethodAsync(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        var response = await InvokeMethodWithResponseAsync(request, cancellationToken);
        EnsureSuccess(request, response);
        response.Dispose();
    }

    [Obsolete("Use an HttpClient of CreateInvokableHttpClient for service invocation.")]
    public override async Task<TResponse> InvokeMethodAsync<TResponse>(HttpRequestMessage request, CancellationToken cancellationToken = default)
    {
        // The response lives on in the exception when something is wrong with it.
        var response = await InvokeMethodWithResponseAsync(request, cancellationToken);
        EnsureSuccess(request, response);
        try
        {
            var value = await response.Content.ReadFromJsonAsync<TResponse>(JsonSerializerOptions, cancellationToken);
            response.Dispose();
            return value!; // `null` in JSON is null here, as in the package
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw Failed(request, e, response);
        }
    }

    private static void EnsureSuccess(HttpRequestMessage request, HttpResponseMessage response)
    {
        try
        {
            response.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException e)
        {
            throw Failed(request, e, response);
        }
    }

    private static InvocationException Failed(HttpRequestMessage request, Exception inner, HttpResponseMessage? response)
    {
        request.Options.TryGetValue(AppIdOption, out var appId);
        request.Options.TryGetValue(MethodNameOption, out var methodName);
        return new InvocationException(appId, methodName, inner, response);
    }
}
