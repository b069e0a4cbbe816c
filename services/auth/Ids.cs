namespace DaprMesh.Auth;

/// <summary>Names that sort by the time they were given.</summary>
internal static class Ids
{
    public static string New(string prefix, DateTimeOffset now) => $"{prefix}_{Guid.CreateVersion7(now):N}";
}
