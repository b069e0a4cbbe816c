using System.Diagnostics.CodeAnalysis;

namespace Dapr.Actors.Runtime;

/// <summary>A value that may not be there.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "The published struct has no equality of its own.")]
public struct ConditionalValue<TValue>(bool hasValue, TValue value)
{
    public bool HasValue { get; } = hasValue;

    public TValue Value { get; } = value;
}
