using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace DaprMesh.Benchmarks.Load;

/// <summary>A request as the bytes on the wire, made before the load begins.</summary>
internal sealed class LoadRequest
{
    private const string Time = "{time}";
    private static readonly string NoTime = new('0', 20);
    private readonly int _timeAt;

    private LoadRequest(byte[] bytes, int timeAt)
    {
        Bytes = bytes;
        _timeAt = timeAt;
    }

    public byte[] Bytes { get; }

    public static LoadRequest[] Of(LoadPlan plan) => [.. Enumerable.Range(0, plan.Keys).Select(key => Create(plan, key))];

    /// <summary>Writes the moment of sending into the body, when the plan asks for it.</summary>
    public void Stamp(long now)
    {
        if (_timeAt >= 0)
        {
            Utf8Formatter.TryFormat(now, Bytes.AsSpan(_timeAt), out _, new System.Buffers.StandardFormat('D', 20));
        }
    }

    private static LoadRequest Create(LoadPlan plan, int key)
    {
        var number = key.ToString("D6", CultureInfo.InvariantCulture);
        var body = plan.Body.Replace("{key}", number, StringComparison.Ordinal);
        var timeAt = body.IndexOf(Time, StringComparison.Ordinal);
        body = body.Replace(Time, NoTime, StringComparison.Ordinal);
        var head = $"{plan.Method} {plan.Path.Replace("{key}", number, StringComparison.Ordinal)} HTTP/1.1\r\nHost: localhost:{plan.Port}\r\n{plan.Headers}";
        if (body.Length > 0)
        {
            head += $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n";
        }

        head += "\r\n";
        return new LoadRequest(Encoding.ASCII.GetBytes(head + body), timeAt < 0 ? -1 : head.Length + timeAt);
    }
}
