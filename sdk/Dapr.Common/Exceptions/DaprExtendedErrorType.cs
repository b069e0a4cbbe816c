namespace Dapr.Common.Exceptions;

/// <summary>The kinds of detail, as google.rpc names them.</summary>
public enum DaprExtendedErrorType
{
    Unknown = 0,
    RetryInfo = 1,
    DebugInfo = 2,
    QuotaFailure = 3,
    PreconditionFailure = 4,
    RequestInfo = 5,
    LocalizedMessage = 6,
    BadRequest = 7,
    ErrorInfo = 8,
    Help = 9,
    ResourceInfo = 10,
}
