using Dapr.Client;
using DaprMesh.State.Indexes;
using DaprMesh.State.Outbox;

namespace DaprMesh.State.Commits;

internal enum BatchEnd
{
    Done,

    /// <summary>Another process was faster: all has to be decided again on what it saved.</summary>
    Overtaken,

    /// <summary>Too much for one transaction; nothing is done.</summary>
    TooLarge,
}

/// <summary>
/// The commands of several callers in one transaction: each decides on what the one before it left, and the documents, index entries, events and
/// idempotency keys of all are saved together or not at all.
/// </summary>
/// <param name="readAll">False: new documents are not looked for before they are written; the transaction fails if there is one.</param>
internal sealed class Batch<T>(StoreContext<T> store, int shard, EventLog log, IReadOnlyList<Command<T>> commands, bool readAll) where T : class
{
    /// <summary>A sidecar takes requests of 4 MB unless told otherwise.</summary>
    private const long MostBytes = 2 * 1024 * 1024;

    private readonly Dictionary<string, Draft<T>> _drafts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Once<T>> _once = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StateTransactionRequest> _newOnce = new(StringComparer.Ordinal);
    private readonly List<EventEnvelope> _events = [];
    private readonly List<(Command<T> Command, Decision<T>? Decision, Exception? Error)> _outcomes = [];

    public async Task<BatchEnd> RunAsync(CancellationToken ct)
    {
        await ReadAsync(ct);
        foreach (var command in commands)
        {
            Decide(command);
        }

        var changed = _drafts.Values.Where(draft => draft.IsChanged).ToList();
        var indexes = new IndexChanges<T>(store, shard, changed);
        var operations = new List<StateTransactionRequest>(changed.Count * 2);
        var entry = log.Begin(_events, isTidy: commands.Count == 0);
        if (changed.Count == 0 && _newOnce.Count == 0 && entry is null)
        {
            Complete();
            return BatchEnd.Done;
        }

        if (!await ReadToWriteAsync(indexes, entry, ct))
        {
            return BatchEnd.Overtaken;
        }

        operations.AddRange(changed.Select(draft => draft.Operation(store)).OfType<StateTransactionRequest>());
        operations.AddRange(_newOnce.Values);
        operations.AddRange(indexes.Operations());
        if (entry is not null)
        {
            operations.AddRange(entry.Operations());
        }

        if (commands.Count > 1 && operations.Sum(operation => (long)(operation.Value?.Length ?? 0)) > MostBytes)
        {
            return BatchEnd.TooLarge;
        }

        if (operations.Count > 0)
        {
            try
            {
                if (!await store.Table.TryCommitAsync(operations, ct))
                {
                    return BatchEnd.Overtaken;
                }
            }
            catch (Exception) when (log.Doubt(entry))
            {
                throw; // never gets here: the filter only takes note that it may have been committed
            }
        }

        entry?.Committed();
        Complete();
        return BatchEnd.Done;
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var ids = commands.Where(command => readAll || command.Kind != CommandKind.Create).Select(command => command.Id).Distinct().ToList();
        var once = commands.Select(command => command.Once?.Id).OfType<string>().Distinct().ToList();
        var cells = await store.Table.ReadAsync([.. ids.Select(store.DocumentKey), .. once.Select(store.OnceKey)], ct);
        foreach (var id in commands.Select(command => command.Id).Distinct())
        {
            _drafts[id] = new Draft<T>(id, cells.GetValueOrDefault(store.DocumentKey(id)), store);
        }

        foreach (var key in once)
        {
            if (cells.TryGetValue(store.OnceKey(key), out var cell))
            {
                _once[key] = Once<T>.Read(cell.Json, store.Type);
            }
        }
    }

    /// <summary>Reads what index changes and the event log build on. False: what was read does not fit together.</summary>
    private async Task<bool> ReadToWriteAsync(IndexChanges<T> indexes, LogEntry? entry, CancellationToken ct)
    {
        var wanted = new List<string>(indexes.Wanted());
        wanted.AddRange(entry?.Wanted() ?? []);
        for (var round = 0; wanted.Count > 0; round++)
        {
            if (round > 8)
            {
                return false;
            }

            var cells = await store.Table.ReadAsync(wanted, ct);
            if (round == 0 && entry?.Take(cells) == false)
            {
                return false;
            }

            indexes.Take(cells);
            wanted = [.. indexes.Wanted()];
        }

        return true;
    }

    private void Decide(Command<T> command)
    {
#pragma warning disable CA1031 // What one caller's decision throws is that caller's, not the other callers' of the batch.
        try
        {
            _outcomes.Add((command, Outcome(command), null));
        }
        catch (Exception e)
        {
            _outcomes.Add((command, null, e));
        }
#pragma warning restore CA1031
    }

    private Decision<T> Outcome(Command<T> command)
    {
        var draft = _drafts[command.Id];
        if (command.Once is { } once && _once.TryGetValue(once.Id, out var earlier))
        {
            return earlier.BodyHash == once.BodyHash ? new Decision<T>.Unchanged(earlier.State) : Refusals.OtherBody;
        }

        if (Refusals.Of(command, draft.Current, store.Prefix) is { } refusal)
        {
            return refusal;
        }

        switch (command.Decide(draft.Current?.State))
        {
            case Decision<T>.Changed changed:
                // All that can throw comes before the first change to what the batch saves.
                var version = draft.NextVersion;
                var events = changed.Events.Select(told => log.Envelope(told, command.Id, version, command.TraceParent, store.Json)).ToList();
                var remembered = command.Once is null ? null : new Once<T>(command.Once.BodyHash, changed.State);
                var rememberedText = remembered?.Write(store.Type);
                string? etag = null;
                if (command.Kind == CommandKind.Delete)
                {
                    draft.Remove();
                }
                else
                {
                    etag = draft.Change(changed.State).ETag;
                }

                _events.AddRange(events);
                if (command.Once is { } key && remembered is not null && rememberedText is not null)
                {
                    _once[key.Id] = remembered;
                    _newOnce[key.Id] = StateTable.Upsert(store.OnceKey(key.Id), rememberedText, etag: null, key.TimeToLive);
                }

                return changed with { ETag = etag };
            case Decision<T>.Unchanged unchanged:
                return unchanged with { ETag = draft.Current?.ETag };
            case var refused:
                return refused;
        }
    }

    private void Complete()
    {
        foreach (var (command, decision, error) in _outcomes)
        {
            if (decision is not null)
            {
                command.Complete(decision);
            }
            else if (error is not null)
            {
                command.Fail(error);
            }
        }
    }
}
