namespace DaprMesh.Gateway.Limits;

/// <summary>So many requests in each window of time. Windows follow the clock, so that replicas agree on them without asking.</summary>
internal sealed class RateLimit
{
    /// <summary>0: no limit.</summary>
    public int Permits { get; set; }

    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Whose use of what is counted.</summary>
/// <param name="Scope">The name of the limit.</param>
/// <param name="Caller">A user id, or an address.</param>
internal readonly record struct LimitKey(string Scope, string Caller)
{
    /// <summary>As part of a state key.</summary>
    public override string ToString() => $"{Scope}:{Caller}";
}

/// <summary>The answer to one request.</summary>
/// <param name="Remaining">Of the window's permits, as far as this replica knows.</param>
/// <param name="Reset">Seconds until the next window.</param>
internal readonly record struct Permit(bool IsGranted, int Limit, int Remaining, int Reset);
