using System.ComponentModel.DataAnnotations;

namespace DaprMesh.ServiceDefaults;

/// <summary>How a service listens and ends: the section <c>Service</c>.</summary>
public sealed class ServiceOptions
{
    /// <summary>Longer bodies are answered with 413, unless the route says otherwise.</summary>
    [Range(1024, long.MaxValue)]
    public long MaxBodySize { get; set; } = 1024 * 1024;

    /// <summary>
    /// How long a service that is told to end goes on taking new requests while it says that it is not ready. In a cluster: longer than a
    /// readiness probe's period and the spreading of its result.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ShutdownDelay { get; set; }

    /// <summary>How long requests under way may take after that.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
