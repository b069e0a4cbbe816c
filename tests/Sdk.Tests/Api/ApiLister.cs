using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static DaprMesh.Sdk.Tests.Api.ApiText;

namespace DaprMesh.Sdk.Tests.Api;

/// <summary>Writes the public and protected API of an assembly, one line per type or member, in the format of the lists.</summary>
internal sealed class ApiLister
{
    private readonly List<string> _lines = [];

    public static IReadOnlyList<string> List(IAssemblySymbol assembly)
    {
        var lister = new ApiLister();
        lister.Namespace(assembly.GlobalNamespace);
        return lister._lines;
    }

    private void Namespace(INamespaceSymbol ns)
    {
        foreach (var inner in ns.GetNamespaceMembers())
            Namespace(inner);
        foreach (var type in ns.GetTypeMembers())
            Type(type);
    }

    private void Type(INamedTypeSymbol type)
    {
        if (!IsVisible(type) || !type.CanBeReferencedByName)
            return;
        if (type.DeclaredAccessibility != Accessibility.Public && type.ContainingType is { IsSealed: true })
            return;

        var name = FullName(type);
        _lines.Add(TypeLine(type, name));
        if (type.TypeKind == TypeKind.Enum)
        {
            _lines.AddRange(type.GetMembers().OfType<IFieldSymbol>().Where(f => f.HasConstantValue)
                .Select(f => $"F {name}.{f.Name} = {Convert.ToString(f.ConstantValue, CultureInfo.InvariantCulture)}"));
        }
        else if (type.TypeKind != TypeKind.Delegate)
        {
            _lines.AddRange(type.GetMembers().Where(m => IsListed(type, m)).Select(m => Line(type, name, m)).OfType<string>());
        }

        foreach (var nested in type.GetTypeMembers())
            Type(nested);
    }

    private static string TypeLine(INamedTypeSymbol type, string name)
    {
        var kind = type.TypeKind switch
        {
            TypeKind.Interface => "interface",
            TypeKind.Enum => "enum",
            TypeKind.Delegate => "delegate",
            TypeKind.Struct => (type.IsReadOnly ? "readonly " : "") + (type.IsRefLikeType ? "ref " : "") + (type.IsRecord ? "record struct" : "struct"),
            _ => type.IsRecord ? "record" : "class",
        };
        var line = new StringBuilder($"T {kind} {name}");
        if (type is { TypeKind: TypeKind.Delegate, DelegateInvokeMethod: { } invoke })
            line.Append(CultureInfo.InvariantCulture, $"({Parameters(invoke.Parameters, isExtension: false)}) : {Return(invoke)}");
        else if (Bases(type) is { Count: > 0 } bases)
            line.Append(" : ").AppendJoin(", ", bases);
        line.Append(Constraints(type.TypeParameters));

        var modifiers = new List<string>();
        if (type.DeclaredAccessibility != Accessibility.Public)
            modifiers.Add("protected");
        if (type.TypeKind == TypeKind.Class && (type.IsStatic ? "static" : type.IsAbstract ? "abstract" : type.IsSealed ? "sealed" : null) is { } modifier)
            modifiers.Add(modifier);
        return line + Braces(modifiers);
    }

    // The base class and everything implemented beyond it: the same whether read from sources or from a dll.
    private static List<string> Bases(INamedTypeSymbol type)
    {
        var bases = new List<string>();
        if (type is { TypeKind: TypeKind.Class, BaseType: { SpecialType: not SpecialType.System_Object } baseType })
            bases.Add(TypeName(baseType));
        if (type is { TypeKind: TypeKind.Enum, EnumUnderlyingType: { SpecialType: not SpecialType.System_Int32 } underlying })
            bases.Add(TypeName(underlying));
        if (type.TypeKind == TypeKind.Enum)
            return bases;

        var inherited = type.TypeKind == TypeKind.Class ? type.BaseType?.AllInterfaces ?? [] : [];
        bases.AddRange(type.AllInterfaces
            .Where(i => !inherited.Contains(i, SymbolEqualityComparer.Default))
            .Where(i => IsPublic(i) && !IsOwnEquality(type, i))
            .OrderBy(i => i.Name, StringComparer.Ordinal)
            .Select(TypeName));
        return bases;
    }

    private static bool IsOwnEquality(INamedTypeSymbol type, INamedTypeSymbol contract) =>
        type.IsRecord && contract is { Name: "IEquatable", TypeArguments: [var argument] } && SymbolEqualityComparer.Default.Equals(argument, type);

    private static bool IsListed(INamedTypeSymbol type, ISymbol member)
    {
        if (!IsVisible(member) || member is INamedTypeSymbol)
            return false;
        if (member.DeclaredAccessibility != Accessibility.Public && (type.IsSealed || type.TypeKind == TypeKind.Struct))
            return false;
        if (type.IsRecord && IsMadeForRecords(type, member))
            return false;
        return !member.IsImplicitlyDeclared
            || member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0 } && type is { TypeKind: TypeKind.Class, IsStatic: false };
    }

    private static bool IsMadeForRecords(INamedTypeSymbol type, ISymbol member) =>
        member.Name == "EqualityContract"
        || member is IMethodSymbol { Name: not "Deconstruct" } && member.GetAttributes().Any(a => a.AttributeClass?.Name == "CompilerGeneratedAttribute")
        || member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [var only] } && SymbolEqualityComparer.Default.Equals(only.Type, type);

    private static string? Line(INamedTypeSymbol type, string name, ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } m => $"C {name}({Parameters(m.Parameters, isExtension: false)}){Modifiers(m, type)}",
        IMethodSymbol { MethodKind: MethodKind.Ordinary, Name: not "Finalize" } m =>
            $"M {name}.{m.Name}{TypeParameters(m)}({Parameters(m.Parameters, m.IsExtensionMethod)}) : {Return(m)}{Constraints(m.TypeParameters)}{Modifiers(m, type)}",
        IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } m =>
            $"O {name}.{Operator(m)}({Parameters(m.Parameters, isExtension: false)}) : {Return(m)}{Modifiers(m, type)}",
        IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: true } p when Accessors(type, p) is { Length: > 0 } accessors =>
            $"P {name}.{(p.IsIndexer ? $"this[{Parameters(p.Parameters, isExtension: false)}]" : p.Name)} : {TypeName(p.Type)} {{ {accessors} }}{Modifiers(p, type)}",
        IFieldSymbol f => $"F {name}.{f.Name} : {TypeName(f.Type)}{(f.IsConst ? " = " + Literal(f.ConstantValue, f.Type) : "")}{FieldModifiers(f)}",
        IEventSymbol { ExplicitInterfaceImplementations.IsEmpty: true } e => $"E {name}.{e.Name} : {TypeName(e.Type)}{Modifiers(e, type)}",
        _ => null,
    };

    private static string Operator(IMethodSymbol method) => method.MethodKind == MethodKind.Conversion
        ? method.Name == "op_Implicit" ? "implicit operator" : "explicit operator"
        : "operator " + SyntaxFacts.GetText(SyntaxFacts.GetOperatorKind(method.Name));

    private static string Accessors(INamedTypeSymbol type, IPropertySymbol property)
    {
        var accessors = new List<string>();
        if (property.GetMethod is { } get && IsVisible(get))
            accessors.Add(AccessorAccess(property, get) + "get;");
        if (property.SetMethod is { } set && IsVisible(set) && (set.DeclaredAccessibility == Accessibility.Public || !type.IsSealed))
            accessors.Add(AccessorAccess(property, set) + (set.IsInitOnly ? "init;" : "set;"));
        return string.Join(' ', accessors);
    }

    private static string AccessorAccess(IPropertySymbol property, IMethodSymbol accessor) =>
        accessor.DeclaredAccessibility == property.DeclaredAccessibility || accessor.DeclaredAccessibility == Accessibility.Public ? "" : "protected ";

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static bool IsPublic(INamedTypeSymbol type)
    {
        for (ISymbol? s = type; s is INamedTypeSymbol; s = s.ContainingType)
        {
            if (s.DeclaredAccessibility is Accessibility.Internal or Accessibility.Private or Accessibility.ProtectedAndInternal)
                return false;
        }

        return true;
    }
}
