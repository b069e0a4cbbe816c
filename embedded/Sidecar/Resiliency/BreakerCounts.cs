namespace DaprMesh.Sidecar.Resiliency;

/// <summary>What a circuit breaker has counted since its last change of state.</summary>
internal readonly record struct BreakerCounts(
    int Requests, int TotalSuccesses, int TotalFailures, int ConsecutiveSuccesses, int ConsecutiveFailures)
{
    public BreakerCounts Request() => this with { Requests = Requests + 1 };

    public BreakerCounts Success() => this with
    {
        TotalSuccesses = TotalSuccesses + 1,
        ConsecutiveSuccesses = ConsecutiveSuccesses + 1,
        ConsecutiveFailures = 0,
    };

    public BreakerCounts Failure() => this with
    {
        TotalFailures = TotalFailures + 1,
        ConsecutiveFailures = ConsecutiveFailures + 1,
        ConsecutiveSuccesses = 0,
    };
}
