using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;

namespace DaprMesh.Processes.Tests.Kill;

/// <summary>Publishes numbered events and remembers those that were acknowledged.</summary>
internal sealed class EventPublisher
{
    private readonly ConcurrentQueue<string> _acknowledged = new();
    private int _number;

    public IReadOnlyList<string> Acknowledged => [.. _acknowledged];

    /// <summary>Publishes until the sidecar is gone.</summary>
    public async Task RunAsync(HttpClient api, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var id = Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
                using var answer = await api.PostAsJsonAsync("v1.0/publish/pubsub/orders", id, ct);
                Assert.Equal(204, (int)answer.StatusCode);
                _acknowledged.Enqueue(id);
            }
        }
        catch (HttpRequestException)
        {
            // Killed: the event under way may be in the log or not.
        }
    }
}
