using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Dapr.Actors.Runtime;

/// <summary>The methods of an actor class that timers call back, each compiled once.</summary>
internal sealed class TimerCallbacks(Type actorType)
{
    private const BindingFlags AnyMethod = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
    private readonly ConcurrentDictionary<string, Func<Actor, byte[], Task>> _compiled = new(StringComparer.Ordinal);

    public Func<Actor, byte[], Task> Get(string name) => _compiled.GetOrAdd(name, Compile);

    private Func<Actor, byte[], Task> Compile(string name)
    {
        var method = Find(name);
        var actor = Expression.Parameter(typeof(Actor), "actor");
        var data = Expression.Parameter(typeof(byte[]), "data");
        var call = Expression.Call(
            method.IsStatic ? null : Expression.Convert(actor, method.DeclaringType ?? actorType),
            method,
            method.GetParameters().Length == 0 ? [] : [data]);
        return Expression.Lambda<Func<Actor, byte[], Task>>(call, actor, data).Compile();
    }

    private MethodInfo Find(string name)
    {
        MethodInfo? method;
        try
        {
            method = actorType.GetMethod(name, AnyMethod);
        }
        catch (AmbiguousMatchException)
        {
            throw new ArgumentException($"The timer callback {name} has overloads.", nameof(name));
        }

        if (method is null)
            throw new ArgumentException($"{actorType.Name} has no method {name} for a timer to call.", nameof(name));
        var parameters = method.GetParameters();
        if (parameters.Length > 1 || (parameters.Length == 1 && parameters[0].ParameterType != typeof(byte[])))
            throw new ArgumentException($"The timer callback {name} takes nothing, or one byte array.", nameof(name));
        if (method.ReturnType != typeof(Task))
            throw new ArgumentException($"The timer callback {name} returns a Task without a result.", nameof(name));
        return method;
    }
}
