using Dapr.Client;
using DaprMesh.Contracts;

namespace DaprMesh.State;

/// <summary>
/// Remembers events whose handling leaves no trace in a document of its own, such as a mail that was sent. A handler that changes a document passes
/// <see cref="IdempotencyKey.Of(EventInfo, string)"/> to its store instead, which holds even when the process ends in between.
/// </summary>
public sealed class Inbox(DaprClient dapr)
{
    /// <summary>How long events are remembered: longer than a broker goes on redelivering.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromDays(7);

    private static readonly Dictionary<string, string> Ttl = new()
    {
        ["ttlInSeconds"] = ((int)Memory.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>Does the work unless it was done for this event before. When the process ends in the middle of it, it is done again.</summary>
    /// <returns>False: it was done before.</returns>
    public async Task<bool> OnceAsync(EventInfo told, string handler, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(told);
        ArgumentNullException.ThrowIfNull(work);
        var key = "inbox:" + IdempotencyKey.Of(told, handler).Id;
        if (!(await dapr.GetByteStateAsync(Components.StateStore, key, ConsistencyMode.Strong, cancellationToken: ct)).IsEmpty)
        {
            return false;
        }

        await work(ct);
        await dapr.SaveByteStateAsync(Components.StateStore, key, "true"u8.ToArray(), metadata: Ttl, cancellationToken: ct);
        return true;
    }
}
