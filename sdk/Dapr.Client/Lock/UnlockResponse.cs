using System.Diagnostics.CodeAnalysis;

namespace Dapr.Client;

/// <summary>What became of a lock that was given back.</summary>
public class UnlockResponse
{
    public UnlockResponse(LockStatus status) => this.status = status;

    [SuppressMessage("Style", "IDE1006:Naming Styles", Justification = "The package's name.")]
    public LockStatus status { get; set; }
}

/// <summary>The outcomes of giving a lock back.</summary>
public enum LockStatus
{
    Success,
    LockDoesNotExist,
    LockBelongsToOthers,
    InternalError,
}
