using DaprMesh.Sidecar.Sqlite;

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>What is asked of the log's tables beside its transactions.</summary>
internal sealed class LogStore(SqliteFile file)
{
    private const int PageSize = 512;

    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    public long Next() => file.Read(LogSchema.Next);

    /// <summary>Makes the subscription when it is new, and makes <paramref name="owner"/> its owner unless somebody else lives who is.</summary>
    public Task<(long Id, long Cursor)?> TryOwnAsync(string consumer, string topic, string owner, DateTimeOffset now, DateTimeOffset until) =>
        file.WriteAsync<(long, long)?>(session =>
        {
            session.Execute(
                "INSERT OR IGNORE INTO pubsub_subscriptions (consumer, topic, cursor) VALUES ($1, $2, (SELECT next - 1 FROM pubsub_log))", consumer, topic);
            long id, cursor;
            using (var query = session.Prepare("SELECT id, cursor, owner, lease FROM pubsub_subscriptions WHERE consumer = $1 AND topic = $2"))
            {
                query.Bind(1, consumer);
                query.Bind(2, topic);
                query.Step();
                (id, cursor) = (query.Number(0), query.Number(1));
                if (!query.IsNull(2) && query.Text(2) is var other && other != owner
                    && query.Number(3) > now.ToUnixTimeMilliseconds() && !LogOwner.IsGone(other))
                {
                    return null;
                }
            }

            session.Execute("UPDATE pubsub_subscriptions SET owner = $1, lease = $2 WHERE id = $3", owner, until.ToUnixTimeMilliseconds(), id);
            return (id, cursor);
        });

    public Task<int> ReleaseAsync(QueueProgress progress) => file.WriteAsync(session =>
    {
        foreach (var seq in progress.Done)
        {
            session.Execute("INSERT OR IGNORE INTO pubsub_done (subscription, seq) VALUES ($1, $2)", progress.Queue.Id, seq);
        }

        return session.Execute(
            "UPDATE pubsub_subscriptions SET cursor = $1, owner = NULL, lease = 0 WHERE id = $2 AND owner = $3",
            progress.Cursor, progress.Queue.Id, progress.Queue.Owner);
    });

    /// <summary>The next page of a subscription behind <paramref name="after"/>, and up to where it reaches.</summary>
    public (List<StoredMessage> Page, long Known) Read(long subscription, string topic, long after) => file.Read(session =>
    {
        // The counter is read first: what is committed between the two is read again with the next page, not skipped.
        var next = LogSchema.Next(session);
        using var query = session.Prepare(
            """
            SELECT seq, lane, after, expires, data FROM pubsub_messages WHERE seq > $1 AND seq < $2 AND topic = $3
            AND NOT EXISTS (SELECT 1 FROM pubsub_done d WHERE d.subscription = $4 AND d.seq = pubsub_messages.seq)
            ORDER BY seq LIMIT $5
            """);
        query.Bind(1, after);
        query.Bind(2, next);
        query.Bind(3, topic);
        query.Bind(4, subscription);
        query.Bind(5, PageSize);
        var page = new List<StoredMessage>();
        while (query.Step())
        {
            var message = new PubSubMessage(topic, query.Bytes(4).ToArray(), null, NoMetadata);
            page.Add(new StoredMessage(message, query.Number(1), query.Number(3)) { Seq = query.Number(0), After = query.Number(2) });
        }

        return (page, page.Count < PageSize ? next - 1 : page[^1].Seq);
    });

    public (long Rows, long Bytes) Count(string topic) => file.Read(session =>
    {
        using var query = session.Prepare("SELECT count(*), coalesce(sum(length(data)), 0) FROM pubsub_messages WHERE topic = $1");
        query.Bind(1, topic);
        query.Step();
        return (query.Number(0), query.Number(1));
    });

    /// <summary>Deletes messages that were handed in before <paramref name="time"/>, whoever still waits for them.</summary>
    public Task<int> DeleteBeforeAsync(DateTimeOffset time) => file.WriteAsync(
        session => session.Execute("DELETE FROM pubsub_messages WHERE time < $1", time.ToUnixTimeMilliseconds()), singleStatement: true);
}
