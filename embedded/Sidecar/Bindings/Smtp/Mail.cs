using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace DaprMesh.Sidecar.Bindings.Smtp;

/// <summary>A mail in HTML.</summary>
internal sealed record Mail(
    string From, IReadOnlyList<string> To, IReadOnlyList<string> Cc, IReadOnlyList<string> Bcc, string Subject, int Priority, string Html)
{
    private const int MaxLine = 76;
    private const int MaxEncodedWord = 75;

    /// <summary>The address the server is told, without a display name.</summary>
    /// <exception cref="SmtpException">It is none.</exception>
    public static string Address(string text) => MailAddress.TryCreate(text.Trim(), out var address)
        ? address.Address
        : throw new SmtpException($"gomail: invalid address \"{text}\"");

    public IEnumerable<string> Recipients() => To.Concat(Cc).Concat(Bcc).Select(Address).Distinct(StringComparer.Ordinal);

    /// <summary>The mail as it is transferred, lines ending in CR LF; blind copies are not in it.</summary>
    public string Write(DateTimeOffset date)
    {
        var text = new StringBuilder();
        Header(text, "Mime-Version", "1.0");
        Header(text, "Date", date.ToString("ddd, dd MMM yyyy HH:mm:ss zz", CultureInfo.InvariantCulture) + date.ToString("zzz", CultureInfo.InvariantCulture)[4..]);
        Header(text, "From", Word(From));
        Header(text, "To", string.Join(", ", To.Select(Word)));
        if (Cc.Count > 0)
        {
            Header(text, "Cc", string.Join(", ", Cc.Select(Word)));
        }

        Header(text, "Subject", Word(Subject));
        Header(text, "X-priority", Priority.ToString(CultureInfo.InvariantCulture));
        Header(text, "Content-Type", "text/html; charset=UTF-8");
        Header(text, "Content-Transfer-Encoding", "quoted-printable");
        text.Append("\r\n");
        WriteBody(text);
        return text.ToString();
    }

    private static void Header(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");

    /// <summary>RFC 2047, Q encoding; anything but printable ASCII is encoded, line breaks too, so a value cannot add headers.</summary>
    private static string Word(string value)
    {
        if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return value;
        }

        const string open = "=?UTF-8?q?";
        var words = new StringBuilder(open);
        var length = open.Length;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in value.EnumerateRunes())
        {
            var encoded = rune.Value switch
            {
                ' ' => "_",
                >= '!' and <= '~' and not ('=' or '?' or '_') => ((char)rune.Value).ToString(),
                _ => Hex(utf8[..rune.EncodeToUtf8(utf8)]),
            };
            if (length + encoded.Length + 2 > MaxEncodedWord)
            {
                words.Append("?=\r\n ").Append(open);
                length = open.Length;
            }

            words.Append(encoded);
            length += encoded.Length;
        }

        return words.Append("?=").ToString();
    }

    private static string Hex(ReadOnlySpan<byte> bytes)
    {
        var hex = new StringBuilder();
        foreach (var b in bytes)
        {
            hex.Append(CultureInfo.InvariantCulture, $"={b:X2}");
        }

        return hex.ToString();
    }

    /// <summary>RFC 2045, quoted-printable.</summary>
    private void WriteBody(StringBuilder text)
    {
        foreach (var line in Html.ReplaceLineEndings("\n").Split('\n'))
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            var column = 0;
            for (var i = 0; i < bytes.Length; i++)
            {
                var isLast = i == bytes.Length - 1;
                var isPlain = bytes[i] is >= (byte)'!' and <= (byte)'~' and not (byte)'=' || (bytes[i] is (byte)' ' or (byte)'\t' && !isLast);
                var encoded = isPlain ? ((char)bytes[i]).ToString() : Hex(bytes.AsSpan(i, 1));
                if (column + encoded.Length > (isLast ? MaxLine : MaxLine - 1))
                {
                    text.Append("=\r\n");
                    column = 0;
                }

                text.Append(encoded);
                column += encoded.Length;
            }

            text.Append("\r\n");
        }

        text.Length -= 2; // the last line ends without a break, as the text did
    }
}
