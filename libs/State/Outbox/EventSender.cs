using Dapr;
using Dapr.Client;

namespace DaprMesh.State.Outbox;

/// <summary>Publishes events: those of one entity one after the other, all others together.</summary>
internal sealed class EventSender(DaprClient dapr, string pubsub)
{
    /// <summary>Publishes what is not sent yet.</summary>
    /// <exception cref="DaprException">Some are not published; those that are know it.</exception>
    public async Task SendAsync(IReadOnlyList<EventEnvelope> events, CancellationToken ct)
    {
        foreach (var wave in Waves(events))
        {
            await Task.WhenAll(wave.GroupBy(each => each.Type ?? "").Select(topic => SendAsync(topic.Key, [.. topic], ct)));
        }
    }

    /// <summary>The first event of every entity, then the second of each, and so on.</summary>
    private static List<List<EventEnvelope>> Waves(IReadOnlyList<EventEnvelope> events)
    {
        var waves = new List<List<EventEnvelope>>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var each in events.Where(each => !each.IsSent))
        {
            var wave = counts.GetValueOrDefault(each.Subject ?? "");
            counts[each.Subject ?? ""] = wave + 1;
            if (wave == waves.Count)
            {
                waves.Add([]);
            }

            waves[wave].Add(each);
        }

        return waves;
    }

    private async Task SendAsync(string topic, List<EventEnvelope> events, CancellationToken ct)
    {
        if (events.Count == 1)
        {
            await dapr.PublishEventAsync(pubsub, topic, events[0], ct);
            events[0].IsSent = true;
            return;
        }

        var answer = await dapr.BulkPublishEventAsync(pubsub, topic, events, cancellationToken: ct);
        var failed = answer.FailedEntries.Select(entry => entry.Entry.EventData).ToHashSet();
        events.ForEach(each => each.IsSent = !failed.Contains(each));
        if (answer.FailedEntries is [var first, ..])
        {
            throw new DaprException($"{failed.Count} of {events.Count} events of {topic} are not published: {first.ErrorMessage}");
        }
    }
}
