using System.ComponentModel.DataAnnotations;

namespace DaprMesh.Users;

internal sealed class UsersOptions
{
    /// <summary>How long an access code lasts when its issuer does not say.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan AccessCodeLifetime { get; set; } = TimeSpan.FromDays(7);
}
