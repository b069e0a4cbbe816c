namespace Prometheus;

/// <summary>A value that only rises.</summary>
public interface ICounter : ICollectorChild
{
    double Value { get; }

    void Inc(double increment = 1);

    void Inc(Exemplar? exemplar);

    void Inc(double increment, Exemplar? exemplar);

    void IncTo(double targetValue);
}

/// <summary>A value that rises and falls.</summary>
public interface IGauge : ICollectorChild
{
    double Value { get; }

    void Inc(double increment = 1);

    void Set(double val);

    void Dec(double decrement = 1);

    void IncTo(double targetValue);

    void DecTo(double targetValue);
}

/// <summary>Something that takes single observations, such as durations.</summary>
public interface IObserver : ICollectorChild
{
    void Observe(double val);
}

/// <summary>Observations counted in buckets.</summary>
public interface IHistogram : IObserver
{
    double Sum { get; }

    long Count { get; }

    void Observe(double val, long count);

    void Observe(double val, Exemplar? exemplar);
}

/// <summary>Observations summed up as quantiles over a sliding time window.</summary>
public interface ISummary : IObserver;

/// <summary>Measures from its creation on; disposing it observes the duration.</summary>
public interface ITimer : IDisposable
{
    TimeSpan ObserveDuration();
}
