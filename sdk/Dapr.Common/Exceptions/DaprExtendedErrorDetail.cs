namespace Dapr.Common.Exceptions;

/// <summary>One detail of a refusal.</summary>
public abstract record DaprExtendedErrorDetail
{
    // Protected as in the package: only the kinds below derive from it.
    protected DaprExtendedErrorDetail(DaprExtendedErrorType ErrorType) => this.ErrorType = ErrorType;

    public DaprExtendedErrorType ErrorType { get; init; }

    public void Deconstruct(out DaprExtendedErrorType ErrorType) => ErrorType = this.ErrorType;
}

/// <summary>Which fields of the request were refused, and why.</summary>
public sealed record DaprBadRequestDetail() : DaprExtendedErrorDetail(DaprExtendedErrorType.BadRequest)
{
    public IReadOnlyCollection<DaprBadRequestDetailFieldViolation> FieldViolations { get; init; } = [];
}

/// <summary>One refused field.</summary>
public sealed record DaprBadRequestDetailFieldViolation(string Field, string Description);

/// <summary>What the sidecar tells for debugging.</summary>
public sealed record DaprDebugInfoDetail(IReadOnlyCollection<string> StackEntries, string Detail)
    : DaprExtendedErrorDetail(DaprExtendedErrorType.DebugInfo);

/// <summary>The machine-readable reason of the refusal.</summary>
public sealed record DaprErrorInfoDetail(string Reason, string Domain, IDictionary<string, string>? Metadata)
    : DaprExtendedErrorDetail(DaprExtendedErrorType.ErrorInfo);

/// <summary>Where to read more.</summary>
public sealed record DaprHelpDetail() : DaprExtendedErrorDetail(DaprExtendedErrorType.Help)
{
    public IReadOnlyCollection<DaprHelpDetailLink> Links { get; init; } = [];
}

/// <summary>One link of a help detail.</summary>
public sealed record DaprHelpDetailLink(string Url, string Description);

/// <summary>The message in the language of a reader.</summary>
public sealed record DaprLocalizedMessageDetail(string Locale, string Message)
    : DaprExtendedErrorDetail(DaprExtendedErrorType.LocalizedMessage);

/// <summary>Which preconditions did not hold.</summary>
public sealed record DaprPreconditionFailureDetail() : DaprExtendedErrorDetail(DaprExtendedErrorType.PreconditionFailure)
{
    public IReadOnlyCollection<DaprPreconditionFailureViolation> Violations { get; init; } = [];
}

/// <summary>One precondition that did not hold.</summary>
public sealed record DaprPreconditionFailureViolation(string Type, string Subject, string Description);

/// <summary>Which quotas were exceeded.</summary>
public sealed record DaprQuotaFailureDetail() : DaprExtendedErrorDetail(DaprExtendedErrorType.QuotaFailure)
{
    public IReadOnlyCollection<DaprQuotaFailureViolation> Violations { get; init; } = [];
}

/// <summary>One exceeded quota.</summary>
public sealed record DaprQuotaFailureViolation(string Subject, string Description);

/// <summary>Which request was refused.</summary>
public sealed record DaprRequestInfoDetail(string RequestId, string ServingData)
    : DaprExtendedErrorDetail(DaprExtendedErrorType.RequestInfo);

/// <summary>Which resource the refusal is about.</summary>
public sealed record DaprResourceInfoDetail(string ResourceType, string ResourceName, string Owner, string Description)
    : DaprExtendedErrorDetail(DaprExtendedErrorType.ResourceInfo);

/// <summary>How long to wait before the next try.</summary>
public sealed record DaprRetryDelay(long Seconds, int Nanos);

/// <summary>When a retry makes sense.</summary>
public sealed record DaprRetryInfoDetail() : DaprExtendedErrorDetail(DaprExtendedErrorType.RetryInfo)
{
    public DaprRetryDelay Delay = new(Seconds: 0, Nanos: 0);
}

/// <summary>A detail of a kind that is not known here.</summary>
public sealed record DaprUnknownDetail(string TypeUrl) : DaprExtendedErrorDetail(DaprExtendedErrorType.Unknown);
