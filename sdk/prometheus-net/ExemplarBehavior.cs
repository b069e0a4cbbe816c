namespace Prometheus;

/// <summary>Makes the exemplar of a value for which the caller gave none.</summary>
public delegate Exemplar ExemplarProvider(Collector metric, double value);

/// <summary>Where exemplars come from and how often new ones are taken.</summary>
public sealed class ExemplarBehavior
{
    internal static readonly ExemplarBehavior Default = new()
    {
        DefaultExemplarProvider = static (_, _) => Exemplar.FromTraceContext(),
    };

    public ExemplarProvider? DefaultExemplarProvider { get; set; }

    /// <summary>A series that got an exemplar keeps it for this long.</summary>
    public TimeSpan NewExemplarMinInterval { get; set; } = TimeSpan.Zero;

    public static ExemplarBehavior NoExemplars() => new()
    {
        DefaultExemplarProvider = null,
        NewExemplarMinInterval = TimeSpan.MaxValue,
    };
}
