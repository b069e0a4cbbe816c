using System.Runtime.Serialization;
using Dapr.Common.Exceptions;

namespace Dapr;

/// <summary>A call to the sidecar failed: it refused, or it could not be reached.</summary>
public class DaprException : Exception
{
    public DaprException(string message) : base(message)
    {
    }

    public DaprException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    [Obsolete("Formatter-based serialization is obsolete.")]
    protected DaprException(SerializationInfo info, StreamingContext context) : base(info, context)
    {
    }

    /// <summary>What the sidecar's answer said in its <c>details</c>.</summary>
    internal DaprExtendedErrorInfo? ExtendedErrorInfo { get; init; }
}
