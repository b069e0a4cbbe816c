using Dapr.Client;

namespace DaprMesh.Sdk.Tests.Client;

/// <summary>A client and the server it speaks to.</summary>
public abstract class ClientTest : IAsyncLifetime
{
    private SidecarStub? _sidecar;
    private DaprClient? _client;

    internal SidecarStub Sidecar => _sidecar ?? throw new InvalidOperationException("The test has not started.");

    internal DaprClient Client => _client ?? throw new InvalidOperationException("The test has not started.");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sidecar = await SidecarStub.StartAsync();
        _client = new DaprClientBuilder().UseHttpEndpoint(_sidecar.Endpoint).Build();
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_sidecar is not null)
            await _sidecar.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected sealed record Order(string Id, decimal Total);
}
