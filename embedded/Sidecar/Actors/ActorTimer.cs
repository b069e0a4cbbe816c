using System.Buffers;
using System.Text.Json;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Jobs;

namespace DaprMesh.Sidecar.Actors;

/// <summary>One timer: when it fires next and how often still.</summary>
internal sealed class ActorTimer
{
    private RepeatPeriod _period;
    private int? _left;
    private DateTimeOffset? _expires;
    private volatile bool _cancelled;

    public required string Type { get; init; }

    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>What the app is sent at each tick.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public DateTimeOffset Next { get; private set; }

    public bool IsCancelled { get => _cancelled; set => _cancelled = value; }

    public bool IsExpired => _expires is { } expires && Next >= expires;

    public (string Type, string Id, string Name) Key => (Type, Id, Name);

    /// <exception cref="FormatException">A time or period cannot be read.</exception>
    public static ActorTimer Create(string type, string id, string name, CallbackRequest request, DateTimeOffset now)
    {
        var timer = new ActorTimer { Type = type, Id = id, Name = name, Body = WriteBody(request), Next = now };
        if (request.DueTime.Length > 0)
        {
            timer.Next = Time(request.DueTime, now, "due time");
        }

        if (request.Period.Length > 0)
        {
            if (!RepeatPeriod.TryParse(request.Period, out timer._period))
            {
                throw new FormatException($"invalid timer period: parse error: unsupported duration format: {request.Period}");
            }

            timer._left = timer._period.Repetitions;
            if (timer._left == 0)
            {
                throw new FormatException("invalid timer period: has zero repetitions");
            }
        }

        if (request.Ttl.Length > 0)
        {
            timer._expires = Time(request.Ttl, timer.Next, "TTL");
            if (now > timer._expires || timer.Next > timer._expires)
            {
                throw new FormatException(
                    $"timer {type}||{id}||{name} has already expired: dueTime: {timer.Next.UtcDateTime:yyyy-MM-dd HH:mm:ss.FFFFFFF} +0000 UTC TTL: {request.Ttl}");
            }
        }

        return timer;
    }

    /// <summary>To the next tick, counted from the one before, not from when its callback came back. False when there is none.</summary>
    public bool MoveOn()
    {
        _left--;
        if (_left == 0 || !_period.Recurs)
        {
            return false;
        }

        Next = _period.AddTo(Next);
        return !IsExpired;
    }

    private static DateTimeOffset Time(string text, DateTimeOffset from, string what) =>
        PointInTime.TryParse(text, from, out var time)
            ? time
            : throw new FormatException($"error parsing timer {what}: unsupported time/duration format: {text}");

    private static ReadOnlyMemory<byte> WriteBody(CallbackRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writer))
        {
            json.WriteStartObject();
            if (request.Data is not null)
            {
                json.WritePropertyName("data");
                json.WriteRawValue(request.Data, skipInputValidation: true);
            }

            json.WriteString("callback", request.Callback);
            json.WriteString("dueTime", request.DueTime);
            json.WriteString("period", request.Period);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
