using System.Text;

namespace DaprMesh.Processes.Tests.Fuzz;

/// <summary>Bodies for each API, from right to hopeless.</summary>
internal sealed class RandomBodies(RandomText text)
{
    private static readonly byte[] Large = Encoding.ASCII.GetBytes("\"" + new string('x', 5 << 20) + "\"");
    private static readonly byte[] Deep = Encoding.ASCII.GetBytes(new string('[', 100_000));
    private static readonly byte[] DeepObject = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 20_000)) + "1" + new string('}', 20_000));

    public byte[] Of(string api)
    {
        if (text.Rarely(3000))
            return Large;
        if (text.Rarely(400))
            return text.Any(Deep, DeepObject);
        if (text.Rarely(30))
            return text.Bytes(200);
        return Encoding.UTF8.GetBytes(text.Rarely(12) ? text.Json() : For(api));
    }

    private string For(string api) => api switch
    {
        "state" => text.List(Save),
        "bulk" => text.Object(("keys", text.List(Key)), ("parallelism", text.Number())),
        "transaction" => text.Object(("operations", text.List(Operation)), ("metadata", Metadata())),
        "query" => text.Object(("filter", text.Json()), ("sort", text.Json()), ("page", text.Json())),
        "publishBulk" => text.List(() => text.Object(("entryId", Key()), ("event", text.Json()), ("contentType", Type()), ("metadata", Metadata()))),
        "binding" => text.Object(("operation", text.Any("\"create\"", "\"get\"", "\"delete\"", "\"list\"", "\"post\"", "\"exec\"")), ("data", text.Json()), ("metadata", Metadata())),
        "lock" => text.Object(("resourceId", Key()), ("lockOwner", Key()), ("expiryInSeconds", text.Number())),
        "reminder" => text.Object(
            ("dueTime", text.Quoted(text.Time())), ("period", text.Quoted(text.Time())), ("ttl", text.Quoted(text.Time())), ("data", text.Json()),
            ("callback", Key()), ("overwrite", "false"), ("failurePolicy", text.Json())),
        "job" => text.Object(
            ("schedule", text.Quoted(text.Time())), ("repeats", text.Number()), ("dueTime", text.Quoted(text.Time())), ("ttl", text.Quoted(text.Time())),
            ("data", text.Json()), ("overwrite", "true"), ("failurePolicy", text.Json())),
        "actorState" => text.List(Operation),
        _ => text.Json(),
    };

    private string Save() => text.Object(
        ("key", Key()), ("value", text.Json()), ("etag", Key()), ("metadata", Metadata()),
        ("options", text.Object(("concurrency", text.Any("\"first-write\"", "\"last-write\"", "\"\"", "\"x\"")), ("consistency", "\"strong\""))));

    private string Operation() => text.Object(
        ("operation", text.Any("\"upsert\"", "\"delete\"", "\"\"", "\"merge\"")), ("request", Save()));

    private string Metadata() => text.Object(
        ("ttlInSeconds", text.Any(text.Number(), text.Quoted(text.Number()))), ("rawPayload", "\"true\""), ("contentType", Type()), ("fileName", Key()),
        ("path", Key()), ("partitionKey", Key()));

    private string Key() => text.Quoted(text.Key());

    private string Type() => text.Any("\"application/json\"", "\"text/plain\"", "\"application/cloudevents+json\"", "\"application/octet-stream\"", "\"\"", "\"/;=\"");
}
