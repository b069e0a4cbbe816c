namespace Prometheus;

/// <summary>An exemplar with the value it belongs to and when that was observed.</summary>
internal sealed record RecordedExemplar(Exemplar Exemplar, double Value, DateTimeOffset At);
