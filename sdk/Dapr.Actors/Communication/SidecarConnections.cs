namespace Dapr.Actors.Communication;

internal static class SidecarConnections
{
    public static HttpMessageHandler Create() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
}
