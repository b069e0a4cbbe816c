namespace Dapr.Client;

/// <summary>A call of another app failed or was answered with an error status.</summary>
public class InvocationException : DaprException
{
    public InvocationException(string? appId, string? methodName, Exception innerException, HttpResponseMessage? response)
        : base($"An exception occurred while invoking method: '{methodName}' on app-id: '{appId}'", innerException)
    {
        // Oblivious in the package: a request that was not made by the client has no names, a lost connection no response.
        AppId = appId!;
        MethodName = methodName!;
        Response = response!;
    }

    public string AppId { get; }

    public string MethodName { get; }

    public HttpResponseMessage Response { get; }
}
