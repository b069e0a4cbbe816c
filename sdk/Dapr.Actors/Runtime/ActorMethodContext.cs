using System.Diagnostics.CodeAnalysis;

namespace Dapr.Actors.Runtime;

/// <summary>The method that a turn runs, and what started it.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "The published struct has no equality of its own.")]
public struct ActorMethodContext
{
    internal ActorMethodContext(string methodName, ActorCallType callType)
    {
        MethodName = methodName;
        CallType = callType;
    }

    public string MethodName { get; }

    public ActorCallType CallType { get; }
}
