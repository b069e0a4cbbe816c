using Microsoft.Extensions.DependencyInjection;

namespace Dapr.Common;

/// <summary>What adding a client to a container gives back, to go on from.</summary>
public interface IDaprServiceBuilder
{
    IServiceCollection Services { get; }
}
