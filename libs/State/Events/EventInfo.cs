using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace DaprMesh.State;

/// <summary>What the envelope says of an event; a handler of <c>MapTopic</c> takes it as a parameter.</summary>
/// <param name="EntityId">What it happened to; empty when the publisher does not say.</param>
/// <param name="Version">The entity's version after it; 0 when the publisher does not say.</param>
public sealed record EventInfo(string Id, string EntityId, long Version, DateTimeOffset Time) : IBindableFromHttpContext<EventInfo>
{
    public static ValueTask<EventInfo?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(context.Features.Get<EventInfo>());
    }
}
