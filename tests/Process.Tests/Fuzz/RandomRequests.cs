using System.Globalization;
using System.Text;

namespace DaprMesh.Processes.Tests.Fuzz;

/// <summary>A request as bytes on the wire.</summary>
/// <param name="IsGarbage">Not HTTP, or cut off: no answer is owed.</param>
internal sealed record WireRequest(string Verb, byte[] Bytes, bool IsGarbage)
{
    public string Line => Encoding.Latin1.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 300))).Split("\r\n")[0];
}

/// <summary>Random requests to every API, the same ones for the same seed.</summary>
internal sealed class RandomRequests
{
    private readonly Random _random;
    private readonly RandomText _text;
    private readonly RandomBodies _bodies;

    public RandomRequests(int seed)
    {
        _random = new Random(seed);
        _text = new RandomText(_random);
        _bodies = new RandomBodies(_text);
    }

    public WireRequest Next() => _random.Next(200) switch
    {
        0 => new WireRequest("", _text.Bytes(_random.Next(1, 400)), true),
        1 => Text("GET /v1.0/metadata HTTP/1.1\r\nHost: x\r\nContent-Length: " + _text.Any("-1", "99999999999999999999", "abc", "5, 6") + "\r\n\r\n"),
        2 => Text("POST /v1.0/state/store HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + _text.Any("zz\r\nabc\r\n0\r\n\r\n", "-1\r\n", "5\r\nabc", "ffffffffffffffffff\r\n", "0")),
        3 => Text("POST /v1.0/state/store HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n[{"),
        4 => Text(_text.Any("GET", "GET /", "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /v1.0/healthz HTTP/1.1\r\nHost: x\r\nX: " + new string('h', 40_000) + "\r\n\r\n")),
        _ => Ordinary(),
    };

    private static WireRequest Text(string text) => new("", Encoding.Latin1.GetBytes(text), true);

    private WireRequest Ordinary()
    {
        var (verb, path, api) = Target();
        if (_text.Rarely(12))
            verb = _text.Any("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "BREW");
        if (_text.Rarely(25))
            path = _text.Any("/", "", "//") + path + _text.Any("/", "//", "/..", "/.", "%2f", "?", "??", "/x");
        if (_text.Rarely(3))
            path += (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + Query();

        var body = verb is "GET" or "HEAD" or "TRACE" or "CONNECT" && !_text.Rarely(20) ? [] : _bodies.Of(api);
        var head = new StringBuilder().Append(verb).Append(' ').Append(RandomText.Ascii(path)).Append(" HTTP/1.1\r\nHost: localhost\r\n");
        Headers(head);
        return _text.Rarely(20) && body.Length > 0 ? Chunked(verb, head, body) : Sized(verb, head, body);
    }

    private (string Verb, string Path, string Api) Target()
    {
        var store = _text.Any("store", "store", "store", "memory", "memory", "nostore", _text.Segment());
        var bus = _text.Any("pubsub", "pubsub", "bus", "nobus", _text.Segment());
        // An unknown actor type is waited for: such calls take seconds, so there are few of them.
        var actor = $"/v1.0/actors/{(_text.Rarely(300) ? _text.Segment() : "Cart")}/{_text.Segment()}";
        return _random.Next(30) switch
        {
            0 or 1 => ("POST", $"/v1.0/state/{store}", "state"),
            2 or 3 => ("GET", $"/v1.0/state/{store}/{_text.Segment()}", ""),
            4 => ("DELETE", $"/v1.0/state/{store}/{_text.Segment()}", ""),
            5 => ("POST", $"/v1.0/state/{store}/bulk", "bulk"),
            6 or 7 => ("POST", $"/v1.0/state/{store}/transaction", "transaction"),
            8 => ("POST", $"/v1.0-alpha1/state/{store}/query", "query"),
            9 or 10 => ("POST", $"/v1.0/publish/{bus}/{_text.Any("orders", _text.Segment())}", ""),
            11 => ("POST", $"/v1.0{_text.Any("", "-alpha1")}/publish/bulk/{bus}/{_text.Any("orders", _text.Segment())}", "publishBulk"),
            12 or 13 => ("POST", $"/v1.0/invoke/{_text.Any("fuzz", "fuzz", "fuzz.default", "http%3A%2F%2F127.0.0.1%3A1", "fuzz:70000", ".")}/method/{_text.Segment()}/{_text.Segment()}", ""),
            14 => ("GET", $"/v1.0/secrets/{_text.Any("secrets", "nosecrets", _text.Segment())}/{_text.Any("bulk", _text.Segment())}", ""),
            15 or 16 => ("POST", $"/v1.0/bindings/{_text.Any("files", "web", "clock", _text.Segment())}", "binding"),
            17 => ("GET", $"/v1.0{_text.Any("", "-alpha1")}/configuration/{_text.Any("config", _text.Segment())}{_text.Any("", "/subscribe")}", ""),
            18 => ("GET", $"/v1.0/configuration/config/{_text.Segment()}/unsubscribe", ""),
            19 => ("POST", $"/v1.0-alpha1/{_text.Any("lock", "unlock")}/{_text.Any("locks", _text.Segment())}", "lock"),
            20 or 21 => ("PUT", $"{actor}/method/{_text.Segment()}", ""),
            22 => (_text.Any("POST", "GET", "DELETE"), $"{actor}/reminders/{_text.Segment()}", "reminder"),
            23 => (_text.Any("POST", "DELETE"), $"{actor}/timers/{_text.Segment()}", "reminder"),
            24 => ("POST", $"{actor}/state", "actorState"),
            25 => ("GET", $"{actor}/state/{_text.Segment()}", ""),
            26 => (_text.Any("POST", "GET", "DELETE"), $"/v1.0-alpha1/jobs/{_text.Segment()}", "job"),
            27 => (_text.Any("GET", "PUT"), $"/v1.0/metadata{_text.Any("", "/" + _text.Segment())}", ""),
            28 => ("GET", _text.Any("/v1.0/healthz", "/v1.0/healthz/outbound", "/v1.0/workflows/dapr/x", "/v1.0-alpha1/conversation/x/converse", "/v1.0-alpha1/crypto/x/encrypt", "/"), ""),
            _ => ("GET", $"/{_text.Segment()}/{_text.Segment()}", ""),
        };
    }

    private string Query() =>
        string.Join('&', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => _text.Any(
            "metadata.ttlInSeconds=" + Uri.EscapeDataString(_text.Number()), "metadata.rawPayload=true", "metadata.partitionKey=" + _text.Segment(),
            "concurrency=first-write", "consistency=strong", "key=" + _text.Segment(), "key", "=", "metadata.=x", "metadata.contentType=%", _text.Segment())));

    private void Headers(StringBuilder head)
    {
        for (var count = _random.Next(4); count > 0; count--)
        {
            head.Append(_text.Any(
                "Content-Type: application/json", "Content-Type: application/cloudevents+json", "Content-Type: text/plain", "Content-Type: application/octet-stream",
                "Content-Type: ;;=", "If-Match: " + RandomText.Ascii(_text.Key()), "dapr-app-id: fuzz", "dapr-app-id: ", "Expect: 100-continue", "Connection: close",
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "traceparent: zz", "tracestate: a=b,,=", "baggage: a=b;c,%",
                "Dapr-Reentrancy-Id: 1", "metadata.ttlInSeconds: " + RandomText.Ascii(_text.Number()), "Accept-Encoding: gzip", "Content-Encoding: gzip", "Origin: null",
                "X-Odd: \u00e9\u00ff", "X-Empty:", "Upgrade: websocket")).Append("\r\n");
        }
    }

    private static WireRequest Sized(string verb, StringBuilder head, byte[] body)
    {
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
        return new WireRequest(verb, [.. Encoding.Latin1.GetBytes(head.ToString()), .. body], false);
    }

    private WireRequest Chunked(string verb, StringBuilder head, byte[] body)
    {
        var size = _random.Next(1, 64);
        if (body.Length > 10_000)
            size = body.Length;
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.Latin1.GetBytes(head.Append("Transfer-Encoding: chunked\r\n\r\n").ToString()));
        foreach (var chunk in body.Chunk(size))
        {
            bytes.Write(Encoding.ASCII.GetBytes(chunk.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            bytes.Write(chunk);
            bytes.Write("\r\n"u8);
        }

        bytes.Write("0\r\n\r\n"u8);
        return new WireRequest(verb, bytes.ToArray(), false);
    }
}
