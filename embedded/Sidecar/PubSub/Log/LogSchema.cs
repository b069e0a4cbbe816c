using DaprMesh.Sidecar.Sqlite;

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>The tables of the durable log.</summary>
internal static class LogSchema
{
    private static readonly string[] Statements =
    [
        // seq is given out by the log itself: a row id would be used again once the newest messages are consumed.
        """
        CREATE TABLE IF NOT EXISTS pubsub_messages (
            seq INTEGER PRIMARY KEY, topic TEXT NOT NULL, lane INTEGER NOT NULL, after INTEGER NOT NULL,
            time INTEGER NOT NULL, expires INTEGER NOT NULL, data BLOB NOT NULL)
        """,
        """
        CREATE TABLE IF NOT EXISTS pubsub_subscriptions (
            id INTEGER PRIMARY KEY, consumer TEXT NOT NULL, topic TEXT NOT NULL, cursor INTEGER NOT NULL,
            owner TEXT, lease INTEGER NOT NULL DEFAULT 0, UNIQUE (topic, consumer))
        """,
        // Finished messages above a subscription's cursor, once there are many of them.
        "CREATE TABLE IF NOT EXISTS pubsub_done (subscription INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (subscription, seq)) WITHOUT ROWID",
        "CREATE TABLE IF NOT EXISTS pubsub_log (next INTEGER NOT NULL)",
        "INSERT INTO pubsub_log (next) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pubsub_log)",
        // What every subscription has behind it and a stopped process did not delete any more.
        """
        DELETE FROM pubsub_messages WHERE NOT EXISTS (
            SELECT 1 FROM pubsub_subscriptions s WHERE s.topic = pubsub_messages.topic AND s.cursor < pubsub_messages.seq
            AND NOT EXISTS (SELECT 1 FROM pubsub_done d WHERE d.subscription = s.id AND d.seq = pubsub_messages.seq))
        """,
    ];

    public static Task<bool> CreateAsync(SqliteFile file) => file.WriteAsync(session =>
    {
        foreach (var statement in Statements)
        {
            session.Execute(statement);
        }

        return true;
    });

    /// <summary>The place the next message gets.</summary>
    public static long Next(SqliteSession session)
    {
        using var next = session.Prepare("SELECT next FROM pubsub_log");
        return next.Step() ? next.Number(0) : throw new InvalidOperationException("the log has lost its counter");
    }
}
