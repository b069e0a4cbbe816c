using System.Text.Json.Serialization;

namespace DaprMesh.Benchmarks.Load;

/// <summary>What the load generator is to send, and for how long.</summary>
/// <param name="Path">May hold <c>{key}</c>, which is a number that differs from request to request.</param>
/// <param name="Body">May hold <c>{key}</c>, and <c>{time}</c> for the moment of sending in stopwatch ticks.</param>
internal sealed record LoadPlan(int Port, string Method, string Path, string Body = "")
{
    public int Connections { get; init; } = 64;

    /// <summary>Further lines of the head, each with its line break.</summary>
    public string Headers { get; init; } = "";

    /// <summary>How many different values <c>{key}</c> takes.</summary>
    public int Keys { get; init; } = 8192;

    /// <summary>At the start of the load, until all connections are busy.</summary>
    public double WarmUpSeconds { get; init; } = 0.5;

    public double Seconds { get; init; } = 3;
}

/// <summary>What came back while it counted.</summary>
/// <param name="Sent">All answered requests, those of the warm-up too.</param>
internal sealed record LoadResult(long Requests, long Sent, double Seconds, double P50, double P99, string? Error)
{
    [JsonIgnore]
    public double PerSecond => Requests / Seconds;
}
