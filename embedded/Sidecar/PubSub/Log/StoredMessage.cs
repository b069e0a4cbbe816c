namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>A message of the durable log. One object serves every subscriber of the process.</summary>
internal sealed class StoredMessage(PubSubMessage message, long lane, long expires)
{
    public PubSubMessage Message { get; } = message;

    /// <summary>Messages of one lane keep their order; a lane is a publisher's app, or one of its partition keys.</summary>
    public long Lane { get; } = lane;

    /// <summary>When it is no longer to be delivered, in Unix milliseconds; 0: never.</summary>
    public long Expires { get; } = expires;

    /// <summary>The place in the log; 0 when nobody subscribes to the topic and it was not kept.</summary>
    public long Seq { get; set; }

    /// <summary>
    /// The last message of the lane that was acknowledged when this one was handed in: everything up to there comes before it.
    /// Messages that were under way at the same time have no order among them, so they may be delivered side by side.
    /// </summary>
    public long After { get; set; }
}
