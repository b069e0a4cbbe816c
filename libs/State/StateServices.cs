using DaprMesh.State;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds stores of documents to the container.</summary>
public static class StateServices
{
    /// <summary>Adds a <see cref="StateStore{T}"/>, and what publishes its events.</summary>
    public static IServiceCollection AddStateStore<T>(this IServiceCollection services, Action<StateStoreBuilder<T>>? configure = null) where T : class
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = new StateStoreBuilder<T>();
        configure?.Invoke(builder);
        services.AddSingleton(_ => new StateStore<T>());
        return services;
    }
}
