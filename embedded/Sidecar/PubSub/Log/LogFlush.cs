using DaprMesh.Sidecar.Sqlite;

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>One transaction of the log: new messages in, cursors forward, consumed messages out. It can run again after it was undone.</summary>
internal sealed class LogFlush(IReadOnlyList<PublishTicket> tickets, IReadOnlyList<QueueProgress> progress, IReadOnlyDictionary<string, long> swept, long now, long lease)
{
    private readonly Dictionary<string, bool> _wanted = new(StringComparer.Ordinal);

    public IReadOnlyList<PublishTicket> Tickets { get; } = tickets;

    public IReadOnlyList<QueueProgress> Progress { get; } = progress;

    /// <summary>The place of the first new message.</summary>
    public long First { get; private set; }

    /// <summary>The place after the last new message.</summary>
    public long Next { get; private set; }

    /// <summary>Topics whose consumed messages were deleted: up to where, and how many.</summary>
    public Dictionary<string, (long To, int Rows)> Swept { get; } = new(StringComparer.Ordinal);

    public static bool Run(SqliteSession session, LogFlush flush)
    {
        flush._wanted.Clear();
        flush.Swept.Clear();
        flush.First = flush.Next = LogSchema.Next(session);
        foreach (var ticket in flush.Tickets)
        {
            flush.Insert(session, ticket);
        }

        if (flush.Next != flush.First)
        {
            using var counter = session.Prepare("UPDATE pubsub_log SET next = $1");
            counter.Bind(1, flush.Next);
            counter.Run();
        }

        foreach (var progress in flush.Progress)
        {
            flush.Advance(session, progress);
        }

        return true;
    }

    private void Insert(SqliteSession session, PublishTicket ticket)
    {
        var before = 0L;
        foreach (var message in ticket.Messages)
        {
            message.Seq = 0;
            if (!IsWanted(session, message.Message.Topic))
            {
                continue;
            }

            message.Seq = Next++;
            using var insert = session.Prepare(
                "INSERT INTO pubsub_messages (seq, topic, lane, after, time, expires, data) VALUES ($1, $2, $3, $4, $5, $6, $7)");
            message.After = Math.Max(message.After, before);
            insert.Bind(1, message.Seq);
            insert.Bind(2, message.Message.Topic);
            insert.Bind(3, message.Lane);
            insert.Bind(4, message.After);
            insert.Bind(5, now);
            insert.Bind(6, message.Expires);
            insert.BindBlob(7, message.Message.Data.Span);
            insert.Run();
            before = message.Seq;
        }
    }

    /// <summary>A message for a topic that nobody has ever subscribed to is not kept.</summary>
    private bool IsWanted(SqliteSession session, string topic)
    {
        if (_wanted.TryGetValue(topic, out var wanted))
        {
            return wanted;
        }

        using var query = session.Prepare("SELECT 1 FROM pubsub_subscriptions WHERE topic = $1 LIMIT 1");
        query.Bind(1, topic);
        return _wanted[topic] = query.Step();
    }

    private void Advance(SqliteSession session, QueueProgress progress)
    {
        using (var update = session.Prepare("UPDATE pubsub_subscriptions SET cursor = $1, lease = $2 WHERE id = $3 AND owner = $4"))
        {
            update.Bind(1, progress.Cursor);
            update.Bind(2, lease);
            update.Bind(3, progress.Queue.Id);
            update.Bind(4, progress.Queue.Owner);
            progress.IsLost = update.Run() == 0;
        }

        if (progress.IsLost)
        {
            return;
        }

        if (progress.HadDone)
        {
            session.Execute("DELETE FROM pubsub_done WHERE subscription = $1 AND seq <= $2", progress.Queue.Id, progress.Cursor);
        }

        foreach (var seq in progress.Done)
        {
            session.Execute("INSERT OR IGNORE INTO pubsub_done (subscription, seq) VALUES ($1, $2)", progress.Queue.Id, seq);
            session.Execute(
                """
                DELETE FROM pubsub_messages WHERE seq = $1 AND NOT EXISTS (
                    SELECT 1 FROM pubsub_subscriptions s WHERE s.topic = $2 AND s.cursor < $1
                    AND NOT EXISTS (SELECT 1 FROM pubsub_done d WHERE d.subscription = s.id AND d.seq = $1))
                """,
                seq,
                progress.Queue.Topic);
        }

        Sweep(session, progress.Queue.Topic);
    }

    /// <summary>Deletes what the slowest subscription of the topic has behind it.</summary>
    private void Sweep(SqliteSession session, string topic)
    {
        long to;
        using (var slowest = session.Prepare("SELECT min(cursor) FROM pubsub_subscriptions WHERE topic = $1"))
        {
            slowest.Bind(1, topic);
            to = slowest.Step() ? slowest.Number(0) : 0;
        }

        var (from, rows) = Swept.TryGetValue(topic, out var before) ? before : (swept.GetValueOrDefault(topic), 0);
        if (to <= from)
        {
            return;
        }

        using var delete = session.Prepare("DELETE FROM pubsub_messages WHERE seq > $1 AND seq <= $2 AND topic = $3");
        delete.Bind(1, from);
        delete.Bind(2, to);
        delete.Bind(3, topic);
        Swept[topic] = (to, rows + delete.Run());
    }
}

/// <summary>How far a subscription has come, on its way into the file.</summary>
/// <param name="Cursor">Everything up to here is finished.</param>
/// <param name="Done">Finished messages beyond the cursor that are to be remembered.</param>
/// <param name="HadDone">Some were remembered before.</param>
internal sealed record QueueProgress(TopicQueue Queue, long Cursor, IReadOnlyList<long> Done, bool HadDone)
{
    /// <summary>Another process has taken the subscription over.</summary>
    public bool IsLost { get; set; }
}
