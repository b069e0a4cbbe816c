using System.Diagnostics;

namespace Prometheus;

/// <summary>Measures durations, in seconds.</summary>
public static class TimerExtensions
{
    public static ITimer NewTimer(this IObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new Timer<IObserver>(observer, static (to, seconds) => to.Observe(seconds));
    }

    public static ITimer NewTimer(this IGauge gauge)
    {
        ArgumentNullException.ThrowIfNull(gauge);
        return new Timer<IGauge>(gauge, static (to, seconds) => to.Set(seconds));
    }

    public static ITimer NewTimer(this ICounter counter)
    {
        ArgumentNullException.ThrowIfNull(counter);
        return new Timer<ICounter>(counter, static (to, seconds) => to.Inc(seconds));
    }

    private sealed class Timer<T>(T to, Action<T, double> observe) : ITimer
    {
        private readonly long _started = Stopwatch.GetTimestamp();

        public TimeSpan ObserveDuration()
        {
            var elapsed = Stopwatch.GetElapsedTime(_started);
            observe(to, elapsed.TotalSeconds);
            return elapsed;
        }

        public void Dispose() => ObserveDuration();
    }
}
