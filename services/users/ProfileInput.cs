using System.ComponentModel.DataAnnotations;

namespace DaprMesh.Users;

/// <summary>What a person, or staff for them, may change in a profile.</summary>
public sealed record ProfileInput(
    [property: Required, StringLength(120, MinimumLength = 1)] string FullName,
    [property: EmailAddress, StringLength(254)] string? Email = null,
    [property: Phone, StringLength(40)] string? Phone = null,
    [property: StringLength(64)] string? TelegramName = null);
