using System.Globalization;

namespace DaprMesh.State.Indexes;

/// <summary>What an index lists a document under, and where in the list it stands.</summary>
internal sealed record IndexDefinition<T>(string Name, Func<T, string?> Value, Func<T, string> Order) where T : class
{
    /// <summary>A text that sorts later times first.</summary>
    public static string NewestFirst(DateTimeOffset time) =>
        (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("x16", CultureInfo.InvariantCulture);
}
