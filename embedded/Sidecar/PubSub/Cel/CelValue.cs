using System.Collections;
using System.Text.Json;

namespace DaprMesh.Sidecar.PubSub.Cel;

/// <summary>
/// What expressions compute with: null, bool, long, double, string, lists, and JSON objects and arrays as they are. JSON numbers are doubles,
/// and numbers of both kinds compare with each other.
/// </summary>
internal static class CelValue
{
    public static object? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Json.GoJson.Text(element),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Object or JsonValueKind.Array => element,
        _ => null,
    };

    public static bool TryMember(object? target, string name, out object? value)
    {
        if (target is not JsonElement { ValueKind: JsonValueKind.Object } element)
        {
            throw new CelException($"no such overload: {Kind(target)}.{name}");
        }

        var found = element.TryGetProperty(name, out var member);
        value = found ? Of(member) : null;
        return found;
    }

    public static object? At(object? target, object? index)
    {
        if (index is string name)
        {
            return TryMember(target, name, out var value) ? value : throw new CelException($"no such key: {name}");
        }

        var position = index switch
        {
            long whole => whole,
            double number when Math.Floor(number) == number => (long)number,
            _ => throw new CelException("no such overload: _[_]"),
        };
        var items = Items(target) ?? throw new CelException("no such overload: _[_]");
        return position >= 0 && position < items.Count ? items[(int)position] : throw new CelException($"index out of bounds: {position}");
    }

    public static bool IsIn(object? item, object? container)
    {
        if (container is JsonElement { ValueKind: JsonValueKind.Object } element)
        {
            return item is string name && element.TryGetProperty(name, out _);
        }

        return (Items(container) ?? throw new CelException("no such overload: @in")).Any(other => AreEqual(item, other));
    }

    public static long Size(object? value) => value switch
    {
        string text => text.EnumerateRunes().Count(),
        JsonElement { ValueKind: JsonValueKind.Object } element => element.GetPropertyCount(),
        _ => (Items(value) ?? throw new CelException("no such overload: size")).Count,
    };

    public static bool AreEqual(object? a, object? b) => (a, b) switch
    {
        (long x, double y) => x == y,
        (double x, long y) => x == y,
        (double x, double y) => x == y, // NaN is not equal to itself, unlike with Equals
        (JsonElement { ValueKind: JsonValueKind.Object } x, JsonElement { ValueKind: JsonValueKind.Object } y) => JsonElement.DeepEquals(x, y),
        _ when Items(a) is { } x && Items(b) is { } y => x.Count == y.Count && x.Zip(y).All(pair => AreEqual(pair.First, pair.Second)),
        _ => Equals(a, b),
    };

    /// <summary>Negative, zero or positive; null when a NaN has no order.</summary>
    public static int? Compare(object? a, object? b) => (a, b) switch
    {
        (long x, long y) => x.CompareTo(y),
        (long x, double y) => Order(x, y),
        (double x, long y) => Order(x, y),
        (double x, double y) => Order(x, y),
        (string x, string y) => string.CompareOrdinal(x, y),
        (bool x, bool y) => x.CompareTo(y),
        _ => throw new CelException($"no such overload: {Kind(a)} and {Kind(b)} have no order"),
    };

    private static int? Order(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b);

    private static List<object?>? Items(object? value) => value switch
    {
        List<object?> list => list,
        JsonElement { ValueKind: JsonValueKind.Array } array => [.. array.EnumerateArray().Select(Of)],
        _ => null,
    };

    private static string Kind(object? value) => value switch
    {
        null => "null",
        bool => "bool",
        long => "int",
        double => "double",
        string => "string",
        IList => "list",
        JsonElement { ValueKind: JsonValueKind.Array } => "list",
        _ => "map",
    };
}
