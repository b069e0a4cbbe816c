namespace DaprMesh.State;

/// <summary>A document as it is stored.</summary>
/// <param name="ETag">For <c>If-Match</c>, without quotes.</param>
/// <param name="Version">1 when it was created, one higher with every change.</param>
public sealed record Stored<T>(T State, string ETag, long Version) where T : class;
