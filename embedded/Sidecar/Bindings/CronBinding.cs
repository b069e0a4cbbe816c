using System.Globalization;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Jobs;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Bindings;

/// <summary><c>bindings.cron</c>: calls the app by a schedule of five or six fields or <c>@every …</c>. Ticks may overlap.</summary>
internal sealed class CronBinding(Component component, SidecarContext context) : IInputBinding
{
    private readonly TimeProvider _clock = context.Clock;
    private CronSchedule? _schedule;

    /// <summary>Told to be an output binding only, it is none at all.</summary>
    public IReadOnlyList<string> Capabilities { get; } =
        component.Find("direction") is { Length: > 0 } direction && !direction.Contains("input", StringComparison.OrdinalIgnoreCase)
            ? []
            : ["INPUT_BINDING"];

    public Task InitAsync(CancellationToken ct)
    {
        if (component.Find("schedule") is not { Length: > 0 } text)
        {
            throw new ArgumentException("schedule not set");
        }

        try
        {
            _schedule = CronParser.Parse(text, CronSeconds.Optional, _clock.LocalTimeZone);
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"invalid schedule format '{text}': {e.Message}", e);
        }

        return Task.CompletedTask;
    }

    public IAsyncDisposable Read(BindingHandler handler) =>
        new Ticking(_schedule ?? throw new InvalidOperationException("bindings.cron is not initialised"), handler, _clock);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Ticking : IAsyncDisposable
    {
        private readonly CronSchedule _schedule;
        private readonly BindingHandler _handler;
        private readonly TimeProvider _clock;
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _loop;
        private readonly HashSet<Task> _running = [];

        public Ticking(CronSchedule schedule, BindingHandler handler, TimeProvider clock)
        {
            _schedule = schedule;
            _handler = handler;
            _clock = clock;
            _loop = LoopAsync(_stopping.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _loop;
            await Task.WhenAll(_running);
            _stopping.Dispose();
        }

        private async Task LoopAsync(CancellationToken ct)
        {
            try
            {
                var last = _clock.GetUtcNow();
                while (Next(last) is { } next)
                {
                    for (var wait = next - _clock.GetUtcNow(); wait > TimeSpan.Zero; wait = next - _clock.GetUtcNow())
                    {
                        await Task.Delay(wait < TimeSpan.FromDays(1) ? wait : TimeSpan.FromDays(1), _clock, ct);
                    }

                    _running.RemoveWhere(tick => tick.IsCompleted);
                    _running.Add(TickAsync());
                    var now = _clock.GetUtcNow();
                    last = now > next ? now : next;
                }
            }
            catch (OperationCanceledException)
            {
                // Stopped between two ticks.
            }
        }

        /// <summary>As in daprd, <c>@every</c> of whole seconds ticks at the beginning of a second.</summary>
        private DateTimeOffset? Next(DateTimeOffset time) =>
            _schedule is IntervalSchedule { Interval.Ticks: var interval } && interval % TimeSpan.TicksPerSecond == 0
                ? new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond) + interval, TimeSpan.Zero)
                : _schedule.Next(time);

        private async Task TickAsync()
        {
            await Task.Yield();
            var metadata = new Dictionary<string, string>
            {
                ["timeZone"] = _clock.LocalTimeZone.BaseUtcOffset == TimeSpan.Zero && !_clock.LocalTimeZone.SupportsDaylightSavingTime ? "UTC" : "Local",
                ["readTimeUTC"] = _clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.fffffff '+0000 UTC'", CultureInfo.InvariantCulture),
            };
            await _handler(new BindingEvent(ReadOnlyMemory<byte>.Empty, metadata), CancellationToken.None);
        }
    }
}
