using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using Dapr.Actors.Runtime;

namespace Dapr.Actors.Client;

/// <summary>The methods of each actor interface that a factory was asked for.</summary>
internal sealed class TypedMethods
{
    private readonly ConcurrentDictionary<Type, Table> _tables = new();

    public Table Of(Type actorInterface) => _tables.GetOrAdd(actorInterface, static type => new Table(type));

    public sealed class Table(Type actorInterface)
    {
        private readonly FrozenDictionary<MethodInfo, TypedMethod> _methods =
            ActorInterfaces.MethodsOf(actorInterface).ToFrozenDictionary(method => method, TypedMethod.Of);

        public TypedMethod this[MethodInfo method] => _methods[method];
    }
}
