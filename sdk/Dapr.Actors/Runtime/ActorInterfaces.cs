using System.Reflection;

namespace Dapr.Actors.Runtime;

/// <summary>What an interface must look like to be called over the wire.</summary>
internal static class ActorInterfaces
{
    /// <summary>The actor interfaces of a class: those whose parents all lead to <see cref="IActor"/>.</summary>
    public static Type[] Of(Type actorClass) => [.. actorClass.GetInterfaces().Where(IsActorInterface)];

    /// <summary>All methods of an actor interface and its parents; throws when one cannot be called over the wire.</summary>
    public static IReadOnlyList<MethodInfo> MethodsOf(Type actorInterface)
    {
        if (!actorInterface.IsInterface || !IsActorInterface(actorInterface))
            throw new ArgumentException($"{actorInterface} is not an interface that derives from {nameof(IActor)} and nothing else.", nameof(actorInterface));
        if (actorInterface.IsGenericType)
            throw new ArgumentException($"The actor interface {actorInterface} is generic.", nameof(actorInterface));

        var methods = actorInterface.GetInterfaces().Append(actorInterface).SelectMany(type => type.GetMethods()).ToList();
        foreach (var method in methods)
            Check(method);
        if (methods.GroupBy(method => method.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } overloaded)
            throw new ArgumentException($"The actor interface {actorInterface} has more than one method {overloaded.Key}.", nameof(actorInterface));
        return methods;
    }

    private static bool IsActorInterface(Type type) =>
        type != typeof(IActor)
        && typeof(IActor).IsAssignableFrom(type)
        && type.GetInterfaces().All(parent => parent == typeof(IActor) || IsActorInterface(parent));

    private static void Check(MethodInfo method)
    {
        var parameters = method.GetParameters();
        var fault = method switch
        {
            { IsGenericMethod: true } => "is generic",
            _ when method.ReturnType != typeof(Task) && !IsTaskWithResult(method.ReturnType) => "returns neither a Task nor a Task with a result",
            _ when parameters.Any(parameter => parameter.ParameterType.IsByRef) => "has a parameter by reference",
            _ when parameters.SkipLast(1).Any(parameter => parameter.ParameterType == typeof(CancellationToken)) =>
                "has a cancellation token that is not the last parameter",
            _ => null,
        };
        if (fault is not null)
            throw new ArgumentException($"{method.DeclaringType}.{method.Name} {fault}, so it cannot be called over the wire.", nameof(method));
    }

    private static bool IsTaskWithResult(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>);
}
