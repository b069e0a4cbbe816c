using System.Globalization;
using System.Text;
using DaprMesh.Sidecar.Jobs;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>
/// Flags in the syntax of daprd: <c>--name=value</c>, <c>--name value</c>, <c>-name value</c>, a bare <c>--name</c> for a switch,
/// repeated or comma-separated values for a list.
/// </summary>
internal sealed class FlagSet(IReadOnlyList<Flag> flags)
{
    private readonly Dictionary<string, Flag> _known = flags.ToDictionary(flag => flag.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <exception cref="CommandLineException">A flag is unknown or has a value that does not fit, or help is asked for.</exception>
    public void Parse(IReadOnlyList<string> args)
    {
        for (var at = 0; at < args.Count; at++)
        {
            var arg = args[at];
            if (arg == "--")
                return;

            if (arg.Length < 2 || arg[0] != '-')
                continue; // daprd ignores what is not a flag

            if (arg.Length == 2)
                throw arg == "-h" ? Help() : Refused($"unknown shorthand flag: '{arg[1]}' in {arg}");

            var text = arg[1] == '-' ? arg[2..] : arg[1..];
            if (text.Length == 0 || text[0] is '-' or '=')
                throw Refused($"bad flag syntax: {arg}");

            var parts = text.Split('=', 2);
            if (!_known.TryGetValue(parts[0], out var flag))
                throw parts[0] == "help" ? Help() : Refused($"unknown flag: --{parts[0]}");

            var value = parts.Length > 1 ? parts[1]
                : flag.Kind == FlagKind.Switch ? "true"
                : ++at < args.Count ? args[at]
                : throw Refused($"flag needs an argument: --{flag.Name}");
            Check(flag, value);
            (_values.TryGetValue(flag.Name, out var list) ? list : _values[flag.Name] = []).Add(value);
        }
    }

    public bool IsSet(string name) => _values.ContainsKey(name);

    public IEnumerable<Flag> Set => flags.Where(flag => IsSet(flag.Name));

    public string Text(string name) => _values.TryGetValue(name, out var values) ? values[^1] : _known[name].Default;

    public bool Switch(string name) => SwitchValue(Text(name)) is true;

    public int Number(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);

    public TimeSpan Duration(string name) => GoDuration.TryParse(Text(name), out var duration) ? duration : TimeSpan.Zero;

    public IReadOnlyList<string> List(string name) =>
        _values.TryGetValue(name, out var values) ? [.. values.Where(value => value.Length > 0).SelectMany(Separate)] : [];

    private void Check(Flag flag, string value)
    {
        var problem = flag.Kind switch
        {
            FlagKind.Switch when SwitchValue(value) is null => $"strconv.ParseBool: parsing \"{value}\": invalid syntax",
            FlagKind.Number when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) =>
                $"strconv.ParseInt: parsing \"{value}\": invalid syntax",
            FlagKind.Duration when !GoDuration.TryParse(value, out _) => $"time: invalid duration \"{value}\"",
            _ => null,
        };
        if (problem is not null)
            throw Refused($"invalid argument \"{value}\" for \"--{flag.Name}\" flag: {problem}");
    }

    private static bool? SwitchValue(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };

    /// <summary>One line of comma-separated values; a value in quotes may have commas.</summary>
    private static IEnumerable<string> Separate(string line)
    {
        var value = new StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                yield return value.ToString();
                value.Clear();
            }
            else
            {
                value.Append(c);
            }
        }

        yield return value.ToString();
    }

    private CommandLineException Help() => new(0, Usage(), isError: true);

    private CommandLineException Refused(string problem) => new(2, $"{problem}\n{Usage()}{problem}\n", isError: true);

    private string Usage()
    {
        var shown = flags.Where(flag => flag.Usage.Length > 0).OrderBy(flag => flag.Name, StringComparer.Ordinal).ToList();
        var width = shown.Max(flag => Left(flag).Length) + 3;
        return "Usage of daprd:\n" + string.Concat(shown.Select(flag => $"{Left(flag).PadRight(width)}{flag.Usage}{Suffix(flag)}\n"));
    }

    private static string Left(Flag flag) => $"      --{flag.Name}" + flag.Kind switch
    {
        FlagKind.Number => " int",
        FlagKind.Duration => " duration",
        FlagKind.List => " strings",
        FlagKind.Text => " string",
        _ => "",
    };

    private static string Suffix(Flag flag) => flag.Default is "" or "false" or "0" ? "" : flag.Kind == FlagKind.Text ? $" (default \"{flag.Default}\")" : $" (default {flag.Default})";
}
