namespace Dapr.Actors.Runtime;

/// <summary>Gives an actor class a type name other than the name of the class.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class ActorAttribute : Attribute
{
    public string? TypeName { get; set; }
}
