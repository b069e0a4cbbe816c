using System.Runtime.CompilerServices;

namespace Dapr.Client;

/// <summary>Reads configuration items again and again and tells what changed.</summary>
internal sealed class PolledConfigurationSource(
    IReadOnlyDictionary<string, ConfigurationItem> baseLine,
    Func<CancellationToken, Task<IReadOnlyDictionary<string, ConfigurationItem>>> read,
    Action<string> ended,
    TimeProvider clock,
    CancellationToken subscriber) : ConfigurationSource, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopped = new();

    public override string Id { get; } = Guid.NewGuid().ToString();

    private CancellationToken Stopped => _stopped.IsCancellationRequested ? new CancellationToken(canceled: true) : _stopped.Token;

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
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            yield return new Dictionary<string, ConfigurationItem>();

            var last = baseLine;
            while (await NextAsync(timer, stop.Token) is { } now)
            {
                var changes = Changes(last, now);
                last = now;
                if (changes.Count > 0)
                    yield return changes;
            }
        }
        finally
        {
            ended(Id);
        }
    }

    private async Task<IReadOnlyDictionary<string, ConfigurationItem>?> NextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            await timer.WaitForNextTickAsync(stop);
            return await read(stop);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            return null; // unsubscribed: the stream ends
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
