using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace DaprMesh.Auth.Accounts;

/// <summary>
/// The one spelling of a user name or e-mail address under which it is unique and found. Letters that look alike but are different code
/// points, and marks without a letter that they belong to, are refused: two people must not be able to have what reads as one name.
/// </summary>
internal static class LoginName
{
    public const int MinLength = 3;
    public const int MaxLength = 254;

    /// <summary>Pairs of a letter and what it becomes with the mark; this program's runtime has no Unicode tables of its own.</summary>
    private static readonly FrozenDictionary<(char Letter, char Mark), char> Composed = Compositions().ToFrozenDictionary();

    /// <summary>The spelling to look up; null: this can be nobody's name.</summary>
    public static string? KeyOf(string? name)
    {
        if (name is null || name.Length > MaxLength)
        {
            return null;
        }

        var composed = Compose(name.Trim());
        return composed.Length >= MinLength && composed.EnumerateRunes().All(IsAllowed) ? composed.ToLowerInvariant() : null;
    }

    public static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == text.LastIndexOf('@') && text.IndexOf('.', at) > at + 1 && !text.EndsWith('.');
    }

    private static string Compose(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is >= '\uFF01' and <= '\uFF5E')
            {
                result.Append((char)(c - '\uFF01' + '!')); // full width, as East Asian keyboards write
            }
            else if (result.Length > 0 && Composed.TryGetValue((result[^1], c), out var letter))
            {
                result[^1] = letter;
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    private static bool IsAllowed(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        _ when rune.IsAscii => Rune.IsLetterOrDigit(rune) || "._-@+".Contains((char)rune.Value, StringComparison.Ordinal),
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber =>
            !IsLookAlike(rune.Value),
        _ => false,
    };

    /// <summary>Compatibility forms: ª º, letter-like signs, ligatures and presentation forms, half width, mathematical alphabets.</summary>
    private static bool IsLookAlike(int value) => value is 0xAA or 0xBA or 0x131 or 0x17F
        or (>= 0x1C4 and <= 0x1CC) or (>= 0x1F1 and <= 0x1F3) or (>= 0x2100 and <= 0x218F) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFB00 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF) or (>= 0xFF00 and <= 0xFFEF) or (>= 0x1D400 and <= 0x1D7FF) or >= 0x1EE00 and <= 0x1EEFF;

    private static IEnumerable<KeyValuePair<(char, char), char>> Compositions()
    {
        foreach (var (mark, pairs) in new[]
        {
            ('\u0300', "AÀEÈIÌOÒUÙaàeèiìoòuùNǸnǹ"),
            ('\u0301', "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzź"),
            ('\u0302', "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷ"),
            ('\u0303', "AÃNÑOÕaãnñoõIĨiĩUŨuũ"),
            ('\u0304', "AĀaāEĒeēIĪiīOŌoōUŪuū"),
            ('\u0306', "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭ"),
            ('\u0307', "CĊcċEĖeėGĠgġZŻzż"),
            ('\u0308', "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸ"),
            ('\u030A', "AÅaåUŮuů"),
            ('\u030B', "OŐoőUŰuű"),
            ('\u030C', "CČcčDĎdďEĚeěNŇnňRŘrřSŠsšTŤtťZŽzž"),
            ('\u0327', "CÇcçGĢKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţ"),
            ('\u0328', "AĄaąEĘeęIĮiįUŲuų"),
        })
        {
            for (var i = 0; i < pairs.Length; i += 2)
            {
                yield return new((pairs[i], mark), pairs[i + 1]);
            }
        }
    }
}
