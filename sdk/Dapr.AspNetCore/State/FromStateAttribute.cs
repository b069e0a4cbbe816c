using Dapr.AspNetCore;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Microsoft.AspNetCore.Mvc;

/// <summary>Binds a parameter to a key of a state store; the route value of the key's name says which.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public class FromStateAttribute : Attribute, IBindingSourceMetadata
{
    public FromStateAttribute(string storeName) : this(storeName, key: null)
    {
    }

    public FromStateAttribute(string storeName, string? key)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeName);
        StoreName = storeName;
        Key = key!; // oblivious in the package: null means the parameter's own name
    }

    public string StoreName { get; }

    public string Key { get; }

    public BindingSource BindingSource => new FromStateBindingSource(StoreName, Key);
}
