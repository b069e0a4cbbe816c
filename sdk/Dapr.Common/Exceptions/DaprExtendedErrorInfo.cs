namespace Dapr.Common.Exceptions;

/// <summary>A refusal of the sidecar with its details.</summary>
public sealed record DaprExtendedErrorInfo(int Code, string Message)
{
    public DaprExtendedErrorDetail[] Details { get; init; } = [];
}
