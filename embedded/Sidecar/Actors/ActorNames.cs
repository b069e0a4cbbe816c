using System.Text;

namespace DaprMesh.Sidecar.Actors;

/// <summary>Which names can stand in an actor's path.</summary>
internal static class ActorNames
{
    private const string ReservedPrefix = "dapr.internal.";

    /// <summary>Types of daprd's workflow engine, which the API keeps its hands off.</summary>
    public static bool IsReserved(string type) => type.StartsWith(ReservedPrefix, StringComparison.Ordinal);

    /// <summary>Why the name cannot be used; null when it can.</summary>
    public static string? Fault(string name)
    {
        if (name.AsSpan().IndexOfAny("#?\0/\\") >= 0)
        {
            return $"name contains forbidden character: {GoText.Quote(name)}";
        }

        return ControlCharacter(name) is { } position ? $"name contains control character at position {position}: {GoText.Quote(name)}"
            : name is "." or ".." ? $"name is a path traversal sequence: {GoText.Quote(name)}"
            : null;
    }

    /// <summary>Why the method cannot be called; null when it can.</summary>
    public static string? MethodFault(string method)
    {
        if (method.AsSpan().IndexOfAny("#?\0") >= 0)
        {
            return $"method contains forbidden character: {GoText.Quote(method)}";
        }

        return ControlCharacter(method) is { } position
            ? $"method contains control character at position {position}: {GoText.Quote(method)}"
            : null;
    }

    /// <summary>The method without empty and dot segments; <c>..</c> does not leave it.</summary>
    public static string Clean(string method)
    {
        if (!method.Contains('/', StringComparison.Ordinal) && method is not ("." or ".."))
        {
            return method;
        }

        var kept = new List<string>();
        foreach (var segment in method.Split('/'))
        {
            if (segment == "..")
            {
                kept.RemoveRange(Math.Max(0, kept.Count - 1), Math.Min(1, kept.Count));
            }
            else if (segment is not ("" or "."))
            {
                kept.Add(segment);
            }
        }

        return (method.StartsWith('/') ? "/" : "") + string.Join('/', kept);
    }

    private static int? ControlCharacter(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' or '\x7f')
            {
                return Encoding.UTF8.GetByteCount(text.AsSpan(0, i));
            }
        }

        return null;
    }
}
