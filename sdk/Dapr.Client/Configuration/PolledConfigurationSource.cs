using System.Runtime.CompilerServices;

namespace Dapr.Client;

/// <summary>Reads configuration items again and again and tells what changed.</summary>
internal sealed class PolledConfigurationSource(
    IReadOnlyDictionary<string, ConfigurationItem> baseLine,
    Func<CancellationToken, Task<IReadOnlyDictionary<string, ConfigurationItem>>> read,
    TimeProvider clock,
    CancellationToken subscriber) : ConfigurationSource, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopped = new();
    private CancellationToken Stopped => _stopped.IsCancellationRequested ? new CancellationToken(canceled: true) : _stopped.Token;

    public override string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>Ends every enumeration.</summary>
    public void Dispose()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    public override IAsyncEnumerator<IDictionary<string, ConfigurationItem>> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        ChangesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

    private async IAsyncEnumerable<IDictionary<string, ConfigurationItem>> ChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stopped, subscriber, cancellationToken);
        yield return new Dictionary<string, ConfigurationItem>();

        var last = baseLine;
        using var timer = new PeriodicTimer(Interval, clock);
        while (true)
        {
            IReadOnlyDictionary<string, ConfigurationItem> now;
            try
            {
                await timer.WaitForNextTickAsync(stop.Token);
                now = await read(stop.Token);
            }
            catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
            {
                yield break;
            }

            var changes = Changes(last, now);
            last = now;
            if (changes.Count > 0)
                yield return changes;
        }
    }

    private static Dictionary<string, ConfigurationItem> Changes(IReadOnlyDictionary<string, ConfigurationItem> last, IReadOnlyDictionary<string, ConfigurationItem> now)
    {
        var changes = new Dictionary<string, ConfigurationItem>();
        foreach (var (key, item) in now)
        {
            if (!last.TryGetValue(key, out var before) || before.Value != item.Value || before.Version != item.Version)
                changes[key] = item;
        }

        // A deleted key comes without a value, as the sidecar pushes it.
        foreach (var key in last.Keys.Where(key => !now.ContainsKey(key)))
            changes[key] = new ConfigurationItem("", "", new Dictionary<string, string>());
        return changes;
    }
}
