using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DaprMesh.Sdk.Tests.Api;

/// <summary>Compares the API of a drop-in with the list of the package that it stands for.</summary>
internal static partial class ApiCheck
{
    /// <summary>The public lines of an assembly.</summary>
    public static IReadOnlyList<string> Lines(MetadataReference assembly)
    {
        var platform = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var own = Path.GetFileName(assembly.Display);
        var references = platform.Where(file => Path.GetFileName(file) != own).Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create("check", references: references.Append(assembly));
        return compilation.GetAssemblyOrModuleSymbol(assembly) is IAssemblySymbol symbol ? ApiLister.List(symbol) : [];
    }

    /// <summary>The type and member lines of a list, without its header.</summary>
    public static IReadOnlyList<string> ReadList(string file) => [.. File.ReadLines(file).Where(l => l.Length > 2 && l[1] == ' ' && l[0] != '#')];

    /// <summary>The lines that the package does not have.</summary>
    public static IReadOnlyList<string> Unknown(IEnumerable<string> lines, IReadOnlyList<string> package)
    {
        var members = package.Select(Loose).ToHashSet();
        var types = package.Where(IsType).ToDictionary(TypeKey, Bases);
        return [.. lines.Where(line => IsType(line) ? !IsKnownType(line, types) : !members.Contains(Loose(line)) && !IsOverride(line))];
    }

    /// <summary>The overloads that the package has of a mirrored name and the drop-in lacks.</summary>
    public static IReadOnlyList<string> MissingOverloads(IReadOnlyList<string> lines, IReadOnlyList<string> package)
    {
        var mirrored = lines.Where(IsCallable).Select(Name).ToHashSet();
        var have = lines.Select(Loose).ToHashSet();
        return [.. package.Where(IsCallable).Where(line => mirrored.Contains(Name(line)) && !have.Contains(Loose(line)))];
    }

    private static bool IsKnownType(string line, Dictionary<string, string[]> types) =>
        types.TryGetValue(TypeKey(line), out var bases) && !Bases(line).Except(bases).Any();

    private static bool IsType(string line) => line.StartsWith("T ", StringComparison.Ordinal);

    private static bool IsCallable(string line) => line[0] is 'C' or 'M';

    // A method's own type parameters are part of the overload, not of the name.
    private static string Name(string line)
    {
        var name = line[..line.IndexOf('(', StringComparison.Ordinal)];
        return line[0] == 'M' ? MethodTypeParameters().Replace(name, "") : name;
    }

    // An override adds nothing that a caller could not write before.
    private static bool IsOverride(string line) => Override().IsMatch(line);

    // Attributes inform only, and a reference type's '?' depends on whether the package's file has nullable enabled.
    private static string Loose(string line) => NullableMark().Replace(Attributes().Replace(line, ""), "");

    private static string TypeKey(string line) => AfterTypeName().Replace(TypeName().Match(line).Groups[1].Value, "");

    private static string[] Bases(string line)
    {
        var bases = BaseList().Match(line);
        return bases.Success ? [.. BaseSeparator().Split(bases.Groups[1].Value).Select(Loose)] : [];
    }

    [GeneratedRegex(@" \{[a-z ]*override\}")]
    private static partial Regex Override();

    [GeneratedRegex(@"( \[[A-Z][^\]]*(\{[^}]*\})?[^\]]*\])+$")]
    private static partial Regex Attributes();

    [GeneratedRegex(@"\?(?=[\s,>\])\[]|$)")]
    private static partial Regex NullableMark();

    [GeneratedRegex(@"(?<=\.\w+)<[^.]*>$")]
    private static partial Regex MethodTypeParameters();

    [GeneratedRegex(@"^T (?:readonly )?(?:ref )?[a-z]+(?: struct)? (.*)$")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"( : | where | \{| \[).*$")]
    private static partial Regex AfterTypeName();

    [GeneratedRegex(@" : (.*?)( where | \{| \[|$)")]
    private static partial Regex BaseList();

    [GeneratedRegex(@", (?![^<]*>)")]
    private static partial Regex BaseSeparator();
}
