using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Resiliency;

/// <summary>How often and in what steps an operation is tried again, and after which failures.</summary>
internal sealed class RetryPolicy(RetrySpec spec)
{
    public static readonly TimeSpan InitialInterval = TimeSpan.FromMilliseconds(500);
    private const double Growth = 1.5;

    private readonly StatusCodes _httpCodes = Codes(spec.HttpStatusCodes, StatusCodes.Http);
    private readonly StatusCodes _grpcCodes = Codes(spec.GrpcStatusCodes, StatusCodes.Grpc);

    /// <summary>Below zero: for ever.</summary>
    public int MaxRetries => spec.MaxRetries;

    /// <summary>An exponential policy gives up after that time, however many retries it has left; zero: never.</summary>
    public TimeSpan MaxElapsed { get; init; } = spec.Policy == "exponential" ? TimeSpan.FromMinutes(15) : TimeSpan.Zero;

    /// <summary>Any failure may be mended, unless it comes with a status that the policy does not name.</summary>
    public bool Matches(Exception failure) => failure switch
    {
        PermanentException or CircuitOpenException => false,
        StatusException { Status: >= 0 and <= 16 } status => _grpcCodes.Match(status.Status),
        StatusException status => status.Status is >= 100 and <= 599 && _httpCodes.Match(status.Status),
        _ => true,
    };

    public RetryDelays Delays(long started) => new(this, started);

    /// <summary>The waits of one operation, one after the other.</summary>
    public sealed class RetryDelays(RetryPolicy policy, long started)
    {
        private int _retries;
        private TimeSpan _interval = InitialInterval;

        /// <summary>How long to wait before the next attempt; null when there is to be none.</summary>
        public TimeSpan? Next(TimeProvider clock)
        {
            if (policy.MaxRetries >= 0 && _retries >= policy.MaxRetries)
                return null;

            _retries++;
            return policy.IsExponential ? Grown(clock.GetElapsedTime(started)) : policy.Duration;
        }

        private TimeSpan? Grown(TimeSpan elapsed)
        {
            var wait = _interval * (0.5 + Random.Shared.NextDouble());
            _interval = _interval * Growth < policy.MaxInterval ? _interval * Growth : policy.MaxInterval;
            return policy.MaxElapsed > TimeSpan.Zero && elapsed + wait > policy.MaxElapsed ? null : wait;
        }
    }

    private bool IsExponential => spec.Policy == "exponential";

    private TimeSpan Duration => spec.Duration > TimeSpan.Zero ? spec.Duration : TimeSpan.Zero;

    private TimeSpan MaxInterval => spec.MaxInterval;

    /// <exception cref="FormatException">The text names no status codes.</exception>
    private static StatusCodes Codes(string? text, (int, int) range) =>
        StatusCodes.TryParse(text, range, out var codes, out var problem) ? codes : throw new FormatException(problem);
}
