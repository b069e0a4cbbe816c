using System.Runtime.Serialization;

namespace Dapr;

/// <summary>The sidecar refused a call and said why.</summary>
public class DaprApiException : DaprException
{
    public DaprApiException() : this("The sidecar refused the call.")
    {
    }

    public DaprApiException(string message) : this(message, errorCode: null, isTransient: false)
    {
    }

    public DaprApiException(string message, Exception? innerException) : this(message, innerException, errorCode: null, isTransient: false)
    {
    }

    public DaprApiException(string? errorCode, bool isTransient) : this("The sidecar refused the call.", errorCode, isTransient)
    {
    }

    public DaprApiException(string message, string? errorCode, bool isTransient) : this(message, inner: null, errorCode, isTransient)
    {
    }

    public DaprApiException(string message, Exception? inner, string? errorCode, bool isTransient) : base(message, inner)
    {
        ErrorCode = errorCode ?? "UNKNOWN";
        IsTransient = isTransient;
    }

    [Obsolete("Formatter-based serialization is obsolete.")]
    protected DaprApiException(SerializationInfo info, StreamingContext context) : base(info, context)
    {
        ErrorCode = info.GetString(nameof(ErrorCode)) ?? "UNKNOWN";
        IsTransient = info.GetBoolean(nameof(IsTransient));
    }

    /// <summary>The sidecar's <c>errorCode</c>, such as <c>ERR_STATE_SAVE</c>.</summary>
    public string ErrorCode { get; }

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient { get; }

    [Obsolete("Formatter-based serialization is obsolete.")]
    public override void GetObjectData(SerializationInfo info, StreamingContext context)
    {
        ArgumentNullException.ThrowIfNull(info);
        base.GetObjectData(info, context);
        info.AddValue(nameof(ErrorCode), ErrorCode);
        info.AddValue(nameof(IsTransient), IsTransient);
    }
}
