using System.Text.Json;
using DaprMesh.State.Commits;
using Microsoft.Extensions.Logging;

namespace DaprMesh.State.Outbox;

/// <summary>Publishes what dead processes left in their logs, and removes the logs.</summary>
internal sealed class LogRecovery(StateTable table, LogKeys keys, EventSender sender, TimeProvider clock, ILogger log)
{
    /// <summary>An owner with work left writes more often than this.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>An owner without work may be silent for long; it begins a new log when it finds the old one gone.</summary>
    private static readonly TimeSpan LongSilence = TimeSpan.FromHours(1);
    private const int AtOnce = 16;

    /// <param name="own">Logs that this process writes.</param>
    public async Task RunAsync(IReadOnlyCollection<string> own, CancellationToken ct)
    {
        if (await table.FindAsync(keys.Register, ct) is not { } register)
        {
            return;
        }

        var known = JsonSerializer.Deserialize(register.Json.Span, OutboxJson.Default.ListString) ?? [];
        var gone = new List<string>();
        foreach (var id in known.Where(id => !own.Contains(id)))
        {
            if (await IsGoneAsync(id, ct))
            {
                gone.Add(id);
            }
        }

        if (gone.Count > 0)
        {
            // A log that is begun meanwhile changes the register too; then this waits for the next time.
            var left = known.Except(gone, StringComparer.Ordinal).ToList();
            await table.TryCommitAsync([StateTable.Upsert(keys.Register, JsonSerializer.SerializeToUtf8Bytes(left, OutboxJson.Default.ListString), register.ETag)], ct);
        }
    }

    private async Task<bool> IsGoneAsync(string id, CancellationToken ct)
    {
        if (await table.FindAsync(keys.Head(id), ct) is not { } cell)
        {
            return true;
        }

        var head = Read(cell);
        var silence = clock.GetUtcNow() - head.Seen;
        return silence > (head.From < head.To ? Silence : LongSilence) && await TakeOverAsync(id, head, cell, ct);
    }

    private async Task<bool> TakeOverAsync(string id, LogHead head, Cell cell, CancellationToken ct)
    {
        // From here on the owner, if it lives after all, cannot commit to this log; and other processes see that someone is at it.
        var claim = head with { Owner = $"{id}/{Guid.NewGuid():N}", Seen = clock.GetUtcNow() };
        if (!await table.TryCommitAsync([StateTable.Upsert(keys.Head(id), JsonSerializer.SerializeToUtf8Bytes(claim, OutboxJson.Default.LogHead), cell.ETag)], ct))
        {
            return false;
        }

        for (var from = head.From; from < head.To; from += AtOnce)
        {
            var numbers = Enumerable.Range(0, (int)Math.Min(AtOnce, head.To - from)).Select(offset => keys.Entry(id, from + offset)).ToList();
            var entries = await table.ReadAsync(numbers, ct);
            var events = numbers.Select(entries.GetValueOrDefault).OfType<Cell>()
                .SelectMany(entry => JsonSerializer.Deserialize(entry.Json.Span, OutboxJson.Default.ListEventEnvelope) ?? [])
                .ToList();
            log.LogInformation("Publishing {Count} events that another process left in {Log}", events.Count, id);
            await sender.SendAsync(events, ct);
            if (await table.FindAsync(keys.Head(id), ct) is not { } current || Read(current).Owner != claim.Owner)
            {
                return false;
            }

            var isLast = from + AtOnce >= head.To;
            claim = claim with { From = Math.Min(from + AtOnce, head.To), Seen = clock.GetUtcNow() };
            if (!await table.TryCommitAsync(
                [
                    isLast
                        ? StateTable.Delete(keys.Head(id), current.ETag)
                        : StateTable.Upsert(keys.Head(id), JsonSerializer.SerializeToUtf8Bytes(claim, OutboxJson.Default.LogHead), current.ETag),
                    .. numbers.Select(number => StateTable.Delete(number, etag: null)),
                ],
                ct))
            {
                return false;
            }
        }

        if (head.From == head.To)
        {
            return await table.FindAsync(keys.Head(id), ct) is not { } empty || await table.TryCommitAsync([StateTable.Delete(keys.Head(id), empty.ETag)], ct);
        }

        return true;
    }

    private static LogHead Read(Cell cell) =>
        JsonSerializer.Deserialize(cell.Json.Span, OutboxJson.Default.LogHead) ?? throw new JsonException("The head of a log of events is null.");
}
