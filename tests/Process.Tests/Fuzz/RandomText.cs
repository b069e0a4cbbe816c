using System.Globalization;
using System.Text;

namespace DaprMesh.Processes.Tests.Fuzz;

/// <summary>Names, numbers, times and JSON as nobody in his right mind would send them, beside ordinary ones.</summary>
internal sealed class RandomText(Random random)
{
    private static readonly string[] Keys =
    [
        "a", "b", "order-1", "x||y", "||", "a/b", "a+b", "100%", "käse", "日本", "🙂", " ", "..", "../../a", "a b", "a?b", "a#b", "\"", "\\", "'; DROP TABLE state; --",
        "null", "0", "\u0001", "\ud800", new('k', 300), "Cart||1||total",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-1", "1", "3600", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e999", "1.5", "-0", "00", "1e-400", "0x10", "NaN", "", " 1",
        "99999999999999999999999999999999999999999999",
    ];

    private static readonly string[] Times =
    [
        "0s", "1s", "50ms", "-1s", "1h", "9999999h", "1ns", "PT1S", "R3/PT1S", "R0/PT1S", "R-1/PT1S", "P1Y", "P99999999Y", "@every 1s", "@every 0s", "@every -1s", "@daily", "@never",
        "* * * * * *", "* * * *", "61 * * * * *", "*/0 * * * * *", "0-99999999999 * * * * *", "0 30 2 31 2 *", "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59+23:59", "tomorrow", "", "1d", "1.7976931348623157e309s", "h0m0s",
    ];

    public T Any<T>(params ReadOnlySpan<T> values) => values[random.Next(values.Length)];

    public bool Rarely(int oneOf) => random.Next(oneOf) == 0;

    public string Key() => Rarely(20) ? Noise(random.Next(1, 40)) : Any<string>(Keys);

    public string Number() => Rarely(4) ? random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture) : Any<string>(Numbers);

    public string Time() => Rarely(10) ? Number() + Any("s", "ms", "h", "y", "") : Any<string>(Times);

    /// <summary>The key as a part of a path: escaped as it should be, or not at all, or broken.</summary>
    public string Segment() => random.Next(8) switch
    {
        0 => Ascii(Key()),
        1 => Uri.EscapeDataString(Whole(Key())) + Any("%", "%2", "%zz", "%00", "%C3%28", "%2F", "%2e%2e", "+", ";", "//"),
        _ => Uri.EscapeDataString(Whole(Key())),
    };

    /// <summary>A JSON value, mostly well formed.</summary>
    public string Json(int depth = 0) => random.Next(depth > 3 ? 9 : 13) switch
    {
        0 => Number(),
        1 => "null",
        2 => Any("true", "false"),
        3 => Quoted(Time()),
        4 => Any("nul", "{", "[", "\"", "'a'", "{\"a\":}", "[1,]", "{,}", "\"\\u12\"", "\"\\ud800\"", "\u0000", "01", "+1", "--", "\ufeff{}", "{}{}", "/*c*/1"),
        < 9 => Quoted(Key()),
        < 11 => "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Json(depth + 1))) + "]",
        _ => "{" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Quoted(Key()) + ":" + Json(depth + 1))) + "}",
    };

    /// <summary>An object with some of these fields, most with a fitting value.</summary>
    public string Object(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in fields)
        {
            if (Rarely(6))
                continue;
            if (text.Length > 1)
                text.Append(',');
            text.Append(Quoted(Rarely(40) ? name.ToUpperInvariant() : name)).Append(':').Append(Rarely(5) ? Json() : value);
        }

        return text.Append('}').ToString();
    }

    public string List(Func<string> item) => "[" + string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => item())) + "]";

    public string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c is '"' or '\\' or < ' ' || char.IsSurrogate(c)
                ? quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    public string Noise(int count) => string.Create(count, random, static (text, random) =>
    {
        for (var at = 0; at < text.Length; at++)
            text[at] = (char)random.Next(0x20, 0x3000);
    });

    /// <summary>What may stand in a request line without ending it.</summary>
    public static string Ascii(string text) => string.Concat(text.Select(c => c is > ' ' and < '\u007f' ? c : '_'));

    private static string Whole(string text) => string.Concat(text.Select(c => char.IsSurrogate(c) ? '\ufffd' : c));
}
