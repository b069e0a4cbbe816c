using System.Net.Http.Headers;
using System.Text.Json;

namespace Dapr.Client;

/// <summary>The Dapr API of the sidecar next to this app.</summary>
public abstract partial class DaprClient : IDisposable
{
    /// <summary>The options of every typed value that goes to the sidecar or comes from it.</summary>
    public abstract JsonSerializerOptions JsonSerializerOptions { get; }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    protected static ProductInfoHeaderValue UserAgent() => new("dapr-sdk-dotnet", SidecarHttp.Version);
}
