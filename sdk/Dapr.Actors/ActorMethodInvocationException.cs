namespace Dapr.Actors;

/// <summary>A method of an actor threw; the inner exception tells what.</summary>
public class ActorMethodInvocationException : DaprApiException
{
    private const string Code = "ERR_ACTOR_INVOKE_METHOD";

    public ActorMethodInvocationException()
        : base(Code, false)
    {
    }

    public ActorMethodInvocationException(string message, bool isTransient)
        : base(message, Code, isTransient)
    {
    }

    public ActorMethodInvocationException(string message, Exception innerException, bool isTransient)
        : base(message, innerException, Code, isTransient)
    {
    }
}
