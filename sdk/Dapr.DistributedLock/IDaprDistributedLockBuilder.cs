using Dapr.Common;

namespace Dapr.DistributedLock;

/// <summary>What adding the lock client gives back.</summary>
public interface IDaprDistributedLockBuilder : IDaprServiceBuilder;
