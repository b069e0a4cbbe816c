using System.Diagnostics.CodeAnalysis;

namespace Dapr.Common.Exceptions;

/// <summary>Reads the details that came with a refusal of the sidecar.</summary>
public static class DaprExceptionExtensions
{
    /// <summary>Gives the details of the refusal; false when the sidecar sent none.</summary>
    public static bool TryGetExtendedErrorInfo(this DaprException exception, [NotNullWhen(true)] out DaprExtendedErrorInfo? daprExtendedErrorInfo)
    {
        ArgumentNullException.ThrowIfNull(exception);
        daprExtendedErrorInfo = exception.ExtendedErrorInfo;
        return daprExtendedErrorInfo is not null;
    }
}
