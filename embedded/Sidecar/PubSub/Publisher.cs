using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>Hands messages to a component: scopes, namespace and outbound policy in one place.</summary>
internal sealed class Publisher(SidecarContext context)
{
    /// <exception cref="TopicNotAllowedException">The scopes forbid the topic.</exception>
    public ValueTask PublishAsync(PubSubTarget target, PubSubMessage message, CancellationToken ct)
    {
        Check(target, message.Topic);
        var sent = Prefixed(target, message);
        return target.Outbound.IsNone ? target.Component.PublishAsync(sent, ct) : WithPolicyAsync(target, sent, ct);
    }

    /// <summary>Publishes in order; one entry a message, null where it was accepted. A retry repeats only what failed.</summary>
    /// <exception cref="TopicNotAllowedException">The scopes forbid the topic.</exception>
    public async ValueTask<Exception?[]> PublishBulkAsync(
        PubSubTarget target, string topic, IReadOnlyList<PubSubMessage> messages, CancellationToken ct)
    {
        Check(target, topic);
        var errors = new Exception?[messages.Count];
        var pending = Enumerable.Range(0, messages.Count).ToList();
        try
        {
            await target.Outbound.RunAsync(
                async attempt =>
                {
                    var answers = await target.Component.PublishBulkAsync(pending.ConvertAll(i => Prefixed(target, messages[i])), attempt);
                    for (var i = 0; i < answers.Count; i++)
                    {
                        errors[pending[i]] = answers[i];
                    }

                    pending.RemoveAll(i => errors[i] is null);
                    return pending.Count == 0 ? true : throw new PartlyPublishedException();
                },
                ct);
        }
        catch (PartlyPublishedException)
        {
            // What failed is in the list, entry by entry.
        }
#pragma warning disable CA1031 // A failure of the whole attempt, such as a timeout, is every open entry's failure.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            foreach (var i in pending)
            {
                errors[i] ??= e;
            }
        }

        return errors;
    }

    private static async ValueTask WithPolicyAsync(PubSubTarget target, PubSubMessage message, CancellationToken ct) =>
        await target.Outbound.RunAsync(
            async attempt =>
            {
                await target.Component.PublishAsync(message, attempt);
                return true;
            },
            ct);

    private static PubSubMessage Prefixed(PubSubTarget target, PubSubMessage message) =>
        target.TopicPrefix.Length == 0 ? message : message with { Topic = target.TopicPrefix + message.Topic };

    private void Check(PubSubTarget target, string topic)
    {
        if (!target.Scopes.MayPublish(topic))
        {
            throw new TopicNotAllowedException(topic, context.AppId);
        }
    }

    private sealed class PartlyPublishedException() : Exception("some entries were not published");
}
