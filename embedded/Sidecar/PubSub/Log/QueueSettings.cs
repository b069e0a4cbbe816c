namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>How a subscription's messages are delivered.</summary>
/// <param name="MaxInFlight">Deliveries that run at once.</param>
/// <param name="IsOrdered">Messages of one publisher are delivered one after another.</param>
/// <param name="Requeue">A failed message comes again; otherwise it is given up.</param>
/// <param name="RedeliverInterval">The longest pause before it comes again.</param>
internal sealed record QueueSettings(int MaxInFlight, bool IsOrdered, bool Requeue, TimeSpan RedeliverInterval);
