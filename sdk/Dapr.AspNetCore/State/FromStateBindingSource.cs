using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Dapr.AspNetCore;

/// <summary>Says that a value comes from a state store.</summary>
internal sealed class FromStateBindingSource(string storeName, string? key) : BindingSource(StateId, "State", isGreedy: true, isFromRequest: false)
{
    public const string StateId = "state";

    public string StoreName { get; } = storeName;

    public string? Key { get; } = key;
}
