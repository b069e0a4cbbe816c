using System.Text;

namespace DaprMesh.Contracts;

/// <summary>The topic of an event: its type's name in kebab case.</summary>
public static class Topic
{
    /// <summary>The topic that dead letters of a topic go to ends so.</summary>
    public const string DeadSuffix = "-dead";

    public static string Of<T>() where T : IEvent => Name<T>.Value;

    public static string Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var text = new StringBuilder(type.Name.Length + 4);
        foreach (var c in type.Name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    private static class Name<T>
    {
        public static readonly string Value = Of(typeof(T));
    }
}
