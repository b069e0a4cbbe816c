using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Dapr.AspNetCore;

/// <summary>Refuses controllers with a state entry that is bound from somewhere else than a state store.</summary>
internal sealed class StateEntryApplicationModelProvider : IApplicationModelProvider
{
    public int Order => 0;

    public void OnProvidersExecuting(ApplicationModelProviderContext context)
    {
    }

    public void OnProvidersExecuted(ApplicationModelProviderContext context)
    {
        foreach (var controller in context.Result.Controllers)
        {
            foreach (var property in controller.ControllerProperties)
                Check(property.BindingInfo, property.ParameterType);
            foreach (var parameter in controller.Actions.SelectMany(action => action.Parameters))
                Check(parameter.BindingInfo, parameter.ParameterType);
        }
    }

    private static void Check(BindingInfo? binding, Type type)
    {
        var isEntry = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(StateEntry<>);
        if (isEntry && binding is not null && binding.BindingSource?.Id != FromStateBindingSource.StateId)
            throw new InvalidOperationException("A state store name must be given for a state entry: use [FromState(\"store\")].");
    }
}
