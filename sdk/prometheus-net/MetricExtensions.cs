namespace Prometheus;

/// <summary>Counts exceptions, and keeps points in time as counters.</summary>
public static class CounterExtensions
{
    public static void IncToCurrentTimeUtc(this ICounter counter) => counter.IncToTimeUtc(TimeProvider.System.GetUtcNow());

    public static void IncToTimeUtc(this ICounter counter, DateTimeOffset timestamp)
    {
        ArgumentNullException.ThrowIfNull(counter);
        counter.IncTo(timestamp.ToUnixTimeMilliseconds() / 1000d);
    }

    public static void CountExceptions(this ICounter counter, Action wrapped, Func<Exception, bool>? exceptionFilter = null)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        counter.CountExceptions(
            () =>
            {
                wrapped();
                return true;
            },
            exceptionFilter);
    }

    public static TResult CountExceptions<TResult>(
        this ICounter counter, Func<TResult> wrapped, Func<Exception, bool>? exceptionFilter = null)
    {
        ArgumentNullException.ThrowIfNull(counter);
        ArgumentNullException.ThrowIfNull(wrapped);
        try
        {
            return wrapped();
        }
        catch (Exception failure) when (Count(counter, failure, exceptionFilter))
        {
            throw;
        }
    }

    public static async Task CountExceptionsAsync(
        this ICounter counter, Func<Task> wrapped, Func<Exception, bool>? exceptionFilter = null)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        await counter.CountExceptionsAsync(
            async () =>
            {
                await wrapped();
                return true;
            },
            exceptionFilter);
    }

    public static async Task<TResult> CountExceptionsAsync<TResult>(
        this ICounter counter, Func<Task<TResult>> wrapped, Func<Exception, bool>? exceptionFilter = null)
    {
        ArgumentNullException.ThrowIfNull(counter);
        ArgumentNullException.ThrowIfNull(wrapped);
        try
        {
            return await wrapped();
        }
        catch (Exception failure) when (Count(counter, failure, exceptionFilter))
        {
            throw;
        }
    }

    /// <summary>Never catches: the exception goes on to where it would have gone without us.</summary>
    private static bool Count(ICounter counter, Exception failure, Func<Exception, bool>? filter)
    {
        if (filter is null || filter(failure))
            counter.Inc();
        return false;
    }
}

/// <summary>Tracks work in progress, and keeps points in time as gauges.</summary>
public static class GaugeExtensions
{
    public static void SetToCurrentTimeUtc(this IGauge gauge) => gauge.SetToTimeUtc(TimeProvider.System.GetUtcNow());

    public static void SetToTimeUtc(this IGauge gauge, DateTimeOffset timestamp)
    {
        ArgumentNullException.ThrowIfNull(gauge);
        gauge.Set(timestamp.ToUnixTimeMilliseconds() / 1000d);
    }

    public static void IncToCurrentTimeUtc(this IGauge gauge) => gauge.IncToTimeUtc(TimeProvider.System.GetUtcNow());

    public static void IncToTimeUtc(this IGauge gauge, DateTimeOffset timestamp)
    {
        ArgumentNullException.ThrowIfNull(gauge);
        gauge.IncTo(timestamp.ToUnixTimeMilliseconds() / 1000d);
    }

    /// <summary>Raises the gauge by one until the result is disposed.</summary>
    public static IDisposable TrackInProgress(this IGauge gauge)
    {
        ArgumentNullException.ThrowIfNull(gauge);
        return new InProgress(gauge);
    }

    private sealed class InProgress : IDisposable
    {
        private IGauge? _gauge;

        public InProgress(IGauge gauge)
        {
            gauge.Inc();
            _gauge = gauge;
        }

        public void Dispose() => Interlocked.Exchange(ref _gauge, null)?.Dec();
    }
}
