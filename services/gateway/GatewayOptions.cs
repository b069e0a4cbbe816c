using System.ComponentModel.DataAnnotations;

namespace DaprMesh.Gateway;

internal sealed class GatewayOptions
{
    /// <summary>Which app answers under which path; the longest prefix wins, and the path is passed on as it is.</summary>
    public Dictionary<string, string> Routes { get; set; } = [];

    /// <summary>How long an app may take until its answer begins.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
