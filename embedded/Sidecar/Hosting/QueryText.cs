using System.Text;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>Query strings and path segments read the way Go's net/url reads them.</summary>
internal static class QueryText
{
    public static IEnumerable<KeyValuePair<string, string>> Parse(string? query)
    {
        if (string.IsNullOrEmpty(query))
        {
            yield break;
        }

        var rest = query[0] == '?' ? query[1..] : query;
        foreach (var pair in rest.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Contains(';', StringComparison.Ordinal))
            {
                continue; // Go drops pairs with a raw semicolon
            }

            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (rawName, rawValue) = equals < 0 ? (pair, "") : (pair[..equals], pair[(equals + 1)..]);
            if (TryUnescape(rawName, out var name) && TryUnescape(rawValue, out var value))
            {
                yield return KeyValuePair.Create(name, value);
            }
        }
    }

    /// <summary>Go's url.QueryUnescape: <c>+</c> is a space; false for a broken percent escape.</summary>
    public static bool TryUnescape(string text, out string unescaped)
    {
        if (text.AsSpan().IndexOfAny('%', '+') < 0)
        {
            unescaped = text;
            return true;
        }

        var bytes = new List<byte>(text.Length);
        var utf8 = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == '%')
            {
                if (i + 2 >= utf8.Length || !Uri.IsHexDigit((char)utf8[i + 1]) || !Uri.IsHexDigit((char)utf8[i + 2]))
                {
                    unescaped = text;
                    return false;
                }

                bytes.Add((byte)((Uri.FromHex((char)utf8[i + 1]) << 4) | Uri.FromHex((char)utf8[i + 2])));
                i += 2;
            }
            else
            {
                bytes.Add(utf8[i] == '+' ? (byte)' ' : utf8[i]);
            }
        }

        unescaped = Encoding.UTF8.GetString([.. bytes]);
        return true;
    }
}
