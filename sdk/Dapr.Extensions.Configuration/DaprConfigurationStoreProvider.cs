namespace Dapr.Extensions.Configuration;

/// <summary>Loads items of a configuration store, once or for as long as they change.</summary>
internal sealed class DaprConfigurationStoreProvider(DaprConfigurationStoreSource source)
    : SidecarConfigurationProvider(source.Client, source.SidecarWaitTimeout, source.IsOptional)
{
    /// <summary>The subscription that goes on after loading.</summary>
    internal Task Following { get; private set; } = Task.CompletedTask;

    protected override async Task FetchAsync(CancellationToken cancellationToken)
    {
        if (source.IsStreaming)
        {
            Following = Task.Run(FollowAsync, Stopping);
            return;
        }

        var answer = await Client.GetConfiguration(source.Store, source.Keys, source.Metadata, cancellationToken);
        Data = answer.Items.ToDictionary(item => item.Key, item => (string?)item.Value.Value, StringComparer.OrdinalIgnoreCase);
    }

    private async Task FollowAsync()
    {
        while (!Stopping.IsCancellationRequested)
        {
            try
            {
                var subscription = await Client.SubscribeConfiguration(source.Store, source.Keys, source.Metadata, Stopping);
                await foreach (var changes in subscription.Source.WithCancellation(Stopping))
                {
                    var data = new Dictionary<string, string?>(Data, StringComparer.OrdinalIgnoreCase);
                    foreach (var (key, item) in changes)
                        data[key] = item.Value;
                    Data = data;
                    OnReload();
                }
            }
            catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
            {
                return;
            }
            catch (DaprException)
            {
                // The sidecar went away or does not know the store yet: subscribe again after a while.
                await DelayAsync();
            }
        }
    }
}
