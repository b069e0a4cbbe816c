using Dapr.Client;
using Microsoft.Extensions.Configuration;

namespace Dapr.Extensions.Configuration;

/// <summary>Loads configuration once the sidecar is there; an optional one loads in the background and keeps trying.</summary>
internal abstract class SidecarConfigurationProvider(DaprClient client, TimeSpan sidecarWaitTimeout, bool isOptional) : ConfigurationProvider, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private bool _disposed;

    protected DaprClient Client { get; } = client;

    protected TimeSpan RetryDelay => sidecarWaitTimeout;

    protected CancellationToken Stopping { get; private set; }

    /// <summary>The work that goes on after <see cref="Load"/>.</summary>
    internal Task Background { get; private protected set; } = Task.CompletedTask;

    public override void Load()
    {
        Stopping = _stop.Token;
        if (isOptional)
            Background = Task.Run(LoadUntilItWorksAsync, Stopping);
        else
            Task.Run(LoadOnceAsync, Stopping).GetAwaiter().GetResult(); // configuration is loaded synchronously
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
            return;
        _disposed = true;
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>Reads the values and sets <see cref="ConfigurationProvider.Data"/>.</summary>
    protected abstract Task FetchAsync(CancellationToken cancellationToken);

    private async Task LoadOnceAsync()
    {
        using var patience = Patience();
        await Client.WaitForSidecarAsync(patience.Token);
        await FetchAsync(Stopping);
    }

    private async Task LoadUntilItWorksAsync()
    {
        while (!Stopping.IsCancellationRequested)
        {
            try
            {
                using var patience = Patience();
                await Client.WaitForSidecarAsync(patience.Token);
                await FetchAsync(patience.Token);
                OnReload();
                return;
            }
            catch (Exception e) when (e is DaprException or OperationCanceledException && !Stopping.IsCancellationRequested)
            {
                await DelayAsync();
            }
        }
    }

    protected async Task DelayAsync() => await Task.Delay(RetryDelay, TimeProvider.System, Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private CancellationTokenSource Patience()
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        patience.CancelAfter(sidecarWaitTimeout);
        return patience;
    }
}
