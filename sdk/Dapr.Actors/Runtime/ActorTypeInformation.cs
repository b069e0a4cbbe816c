using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Dapr.Actors.Runtime;

/// <summary>An actor class: its type name and what callers can call.</summary>
public sealed class ActorTypeInformation
{
    private ActorTypeInformation(Type implementationType, string actorTypeName, Type[] interfaces)
    {
        ImplementationType = implementationType;
        ActorTypeName = actorTypeName;
        InterfaceTypes = interfaces;
        TimerCallbacks = new TimerCallbacks(implementationType);
    }

    public string ActorTypeName { get; }

    public Type ImplementationType { get; }

    public IEnumerable<Type> InterfaceTypes { get; }

    public bool IsAbstract => ImplementationType.IsAbstract;

    public bool IsRemindable => typeof(IRemindable).IsAssignableFrom(ImplementationType);

    internal TimerCallbacks TimerCallbacks { get; }

    [Obsolete("Use Get(Type, string).")]
    public static ActorTypeInformation Get(Type actorType) => Get(actorType, null);

    [Obsolete("Use Get(Type, string).")]
    public static bool TryGet(Type actorType, [NotNullWhen(true)] out ActorTypeInformation? actorTypeInformation)
    {
        try
        {
            actorTypeInformation = Get(actorType, null);
            return true;
        }
        catch (ArgumentException)
        {
            actorTypeInformation = null;
            return false;
        }
    }

    public static ActorTypeInformation Get(Type actorType, string? actorTypeName)
    {
        ArgumentNullException.ThrowIfNull(actorType);
        if (!actorType.IsSubclassOf(typeof(Actor)))
            throw new ArgumentException($"{actorType} does not derive from {typeof(Actor)}.", nameof(actorType));
        var interfaces = ActorInterfaces.Of(actorType);
        if (interfaces.Length == 0 && !actorType.IsAbstract)
            throw new ArgumentException($"{actorType} implements no interface that derives from {nameof(IActor)}.", nameof(actorType));
        var name = actorTypeName ?? actorType.GetCustomAttribute<ActorAttribute>()?.TypeName ?? actorType.Name;
        return new ActorTypeInformation(actorType, name, interfaces);
    }
}
