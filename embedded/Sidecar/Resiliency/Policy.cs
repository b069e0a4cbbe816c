namespace DaprMesh.Sidecar.Resiliency;

/// <summary>Retry around breaker around timeout, for one target. <see cref="None"/> runs the attempt once and as it is.</summary>
public abstract class Policy
{
    public static Policy None { get; } = new NoPolicy();

    public bool IsNone => ReferenceEquals(this, None);

    /// <summary>True when a retry is part of the policy, so that the request body has to be kept for another attempt.</summary>
    public virtual bool Retries => false;

    /// <summary>Runs the attempts. An exception is a failure; <see cref="PermanentException"/> ends the retries.</summary>
    /// <exception cref="CircuitOpenException">The breaker is open.</exception>
    /// <exception cref="TimeoutException">The attempt ran into the policy's timeout.</exception>
    public abstract ValueTask<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken ct);

    private sealed class NoPolicy : Policy
    {
        public override ValueTask<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> attempt, CancellationToken ct) => attempt(ct);
    }
}

/// <summary>A failure that no retry can mend. The inner exception is the failure.</summary>
public sealed class PermanentException(Exception inner) : Exception(inner.Message, inner);

/// <summary>A failure with the status that the policy's <c>matching</c> looks at.</summary>
public sealed class StatusException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>The breaker lets no call through; it is open, or half-open and as many as may try are under way.</summary>
public sealed class CircuitOpenException(string message = "circuit breaker is open") : Exception(message);
