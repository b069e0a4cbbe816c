using System.Globalization;
using Dapr.Client;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace Dapr.AspNetCore;

/// <summary>Reads the key that the route names from a state store.</summary>
internal abstract class StateModelBinder(string storeName, string? key) : IModelBinder
{
    public async Task BindModelAsync(ModelBindingContext bindingContext)
    {
        ArgumentNullException.ThrowIfNull(bindingContext);
        var http = bindingContext.HttpContext;
        var name = key ?? bindingContext.FieldName;
        var value = Convert.ToString(http.Request.RouteValues[name], CultureInfo.InvariantCulture);
        if (string.IsNullOrEmpty(value))
        {
            bindingContext.Result = ModelBindingResult.Failed();
            bindingContext.ModelState.TryAddModelError(bindingContext.ModelName, $"Required value {name} not present.");
            return;
        }

        var client = http.RequestServices.GetRequiredService<DaprClient>();
        if (await ReadAsync(client, storeName, value, http.RequestAborted) is not { } model)
        {
            bindingContext.Result = ModelBindingResult.Failed();
            return;
        }

        // What the store holds was valid when it was saved; it is not the caller's input.
        bindingContext.ValidationState.Add(model, new ValidationStateEntry { SuppressValidation = true });
        bindingContext.Result = ModelBindingResult.Success(model);
    }

    protected abstract Task<object?> ReadAsync(DaprClient client, string store, string stateKey, CancellationToken cancellationToken);
}

/// <summary>Binds a <see cref="StateEntry{TValue}"/>; of a missing key it has no value.</summary>
internal sealed class StateEntryModelBinder<T>(string storeName, string? key) : StateModelBinder(storeName, key)
{
    protected override async Task<object?> ReadAsync(DaprClient client, string store, string stateKey, CancellationToken cancellationToken) =>
        await client.GetStateEntryAsync<T>(store, stateKey, cancellationToken: cancellationToken);
}

/// <summary>Binds the value itself; a missing key fails the binding.</summary>
internal sealed class StateValueModelBinder<T>(string storeName, string? key) : StateModelBinder(storeName, key)
{
    protected override async Task<object?> ReadAsync(DaprClient client, string store, string stateKey, CancellationToken cancellationToken) =>
        await client.GetStateAsync<T>(store, stateKey, cancellationToken: cancellationToken);
}
