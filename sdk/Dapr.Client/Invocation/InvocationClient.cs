namespace Dapr.Client;

/// <summary>Makes the HttpClient for calls of other apps.</summary>
internal static class InvocationClient
{
    public static HttpClient Create(string? appId, string? endpoint, string? token, HttpMessageHandler? handler)
    {
        var invocation = new InvocationHandler
        {
            InnerHandler = handler ?? SidecarHttp.NewSocketsHandler(),
            DaprApiToken = token,
            DefaultAppId = appId,
        };
        if (endpoint is not null)
            invocation.DaprEndpoint = endpoint;

        var client = new HttpClient(invocation);
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", SidecarHttp.UserAgent);
        if (appId is not null)
            client.BaseAddress = BaseAddress(appId);
        return client;
    }

    private static Uri BaseAddress(string appId)
    {
        try
        {
            return new Uri($"http://{appId}");
        }
        catch (UriFormatException e)
        {
            throw new ArgumentException("The appId must be a valid hostname.", nameof(appId), e);
        }
    }
}
