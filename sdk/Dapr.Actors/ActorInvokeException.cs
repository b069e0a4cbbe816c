namespace Dapr.Actors;

/// <summary>What was thrown inside the actor: the type's name and the message, as the caller gets to know them.</summary>
public class ActorInvokeException : Exception
{
    public ActorInvokeException()
    {
    }

    public ActorInvokeException(string actualExceptionType, string message)
        : base(message) => ActualExceptionType = actualExceptionType;

    public string ActualExceptionType { get; } = "";
}
