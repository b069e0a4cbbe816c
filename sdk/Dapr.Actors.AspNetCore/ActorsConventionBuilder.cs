using Microsoft.AspNetCore.Builder;

namespace Dapr.Actors.AspNetCore;

/// <summary>Applies what a caller adds to all endpoints of the actor runtime.</summary>
internal sealed class ActorsConventionBuilder(IReadOnlyList<IEndpointConventionBuilder> endpoints) : IEndpointConventionBuilder
{
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var endpoint in endpoints)
            endpoint.Add(convention);
    }

    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (var endpoint in endpoints)
            endpoint.Finally(finallyConvention);
    }
}
