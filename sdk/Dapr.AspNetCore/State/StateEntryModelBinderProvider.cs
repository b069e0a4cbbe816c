using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Dapr.AspNetCore;

/// <summary>Gives a binder to values that come from a state store.</summary>
internal sealed class StateEntryModelBinderProvider : IModelBinderProvider
{
    public IModelBinder? GetBinder(ModelBinderProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.BindingInfo.BindingSource is not FromStateBindingSource source)
            return null;

        var type = context.Metadata.ModelType;
        var binder = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(StateEntry<>)
            ? typeof(StateEntryModelBinder<>).MakeGenericType(type.GetGenericArguments()[0])
            : typeof(StateValueModelBinder<>).MakeGenericType(type);
        return (IModelBinder?)Activator.CreateInstance(binder, source.StoreName, source.Key);
    }
}
