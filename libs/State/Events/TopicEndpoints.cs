using Dapr;
using DaprMesh.Contracts;
using DaprMesh.State.Events;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Subscribes handlers to events.</summary>
public static class TopicEndpoints
{
    /// <summary>
    /// Calls the handler for every event of a type. It takes the event, <see cref="DaprMesh.State.EventInfo"/>, services and a cancellation token, and answers
    /// <see cref="DaprMesh.State.Ack"/> or nothing. What it drops, and what fails for good, goes to the topic's dead letters. Only the sidecar may call it.
    /// </summary>
    public static IEndpointConventionBuilder MapTopic<TEvent>(this IEndpointRouteBuilder app, Delegate handler, string pubsub = DaprMesh.Contracts.Components.PubSub)
        where TEvent : IEvent
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(handler);
        var topic = Topic.Of<TEvent>();
        var inner = RequestDelegateFactory.Create(handler, new RequestDelegateFactoryOptions { ServiceProvider = app.ServiceProvider });
        return app.MapPost($"/events/{topic}", (RequestDelegate)(http => EventRequest.HandleAsync(http, inner.RequestDelegate)))
            .WithTopic(new TopicOptions { PubsubName = pubsub, Name = topic, DeadLetterTopic = topic + Topic.DeadSuffix })
            .ExcludeFromDescription();
    }
}
