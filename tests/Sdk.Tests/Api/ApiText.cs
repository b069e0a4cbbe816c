using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DaprMesh.Sdk.Tests.Api;

/// <summary>How types, parameters and modifiers are written in the lists.</summary>
internal static class ApiText
{
    private static readonly SymbolDisplayFormat Short = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.UseErrorTypeSymbolName);

    private static readonly SymbolDisplayFormat Declared = Short.WithGenericsOptions(
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance);

    public static string FullName(INamedTypeSymbol type)
    {
        var ns = type.ContainingNamespace is { IsGlobalNamespace: false } n ? n.ToDisplayString() + "." : "";
        return ns + type.ToDisplayString(Declared);
    }

    public static string TypeName(ITypeSymbol type) => type.ToDisplayString(Short);

    public static string TypeParameters(IMethodSymbol method) =>
        method.TypeParameters.IsEmpty ? "" : $"<{string.Join(", ", method.TypeParameters.Select(p => p.Name))}>";

    public static string Return(IMethodSymbol method) =>
        (method.ReturnsByRefReadonly ? "ref readonly " : method.ReturnsByRef ? "ref " : "") + (method.ReturnsVoid ? "void" : TypeName(method.ReturnType));

    public static string Parameters(IEnumerable<IParameterSymbol> parameters, bool isExtension) => string.Join(", ", parameters.Select(p =>
        (isExtension && p.Ordinal == 0 ? "this " : "")
        + (p.IsParams ? "params " : "")
        + p.RefKind switch { RefKind.Ref => "ref ", RefKind.Out => "out ", RefKind.In => "in ", RefKind.RefReadOnlyParameter => "ref readonly ", _ => "" }
        + $"{TypeName(p.Type)} {p.Name}"
        + (p.HasExplicitDefaultValue ? " = " + Literal(p.ExplicitDefaultValue, p.Type) : "")));

    public static string Literal(object? value, ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            if (value is null)
                return "null";
            type = nullable.TypeArguments[0];
        }

        if (value is null)
            return type.IsReferenceType ? "null" : "default";
        if (type.TypeKind == TypeKind.Enum)
        {
            var field = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => f.HasConstantValue && Equals(f.ConstantValue, value));
            return field is null ? $"({TypeName(type)}){Convert.ToString(value, CultureInfo.InvariantCulture)}" : $"{TypeName(type)}.{field.Name}";
        }

        return value switch
        {
            string s => SymbolDisplay.FormatLiteral(s, quote: true),
            char c => SymbolDisplay.FormatLiteral(c, quote: true),
            bool b => b ? "true" : "false",
            double d => double.IsPositiveInfinity(d) ? "double.PositiveInfinity" : d.ToString("R", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
    }

    public static string Constraints(IEnumerable<ITypeParameterSymbol> parameters)
    {
        var text = new StringBuilder();
        foreach (var parameter in parameters)
        {
            var constraints = new List<string>();
            if (parameter.HasReferenceTypeConstraint)
                constraints.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class");
            if (parameter.HasUnmanagedTypeConstraint)
                constraints.Add("unmanaged");
            else if (parameter.HasValueTypeConstraint)
                constraints.Add("struct");
            if (parameter.HasNotNullConstraint)
                constraints.Add("notnull");
            constraints.AddRange(parameter.ConstraintTypes.Select(TypeName));
            if (parameter.HasConstructorConstraint)
                constraints.Add("new()");
            if (constraints.Count > 0)
                text.Append(CultureInfo.InvariantCulture, $" where {parameter.Name} : {string.Join(", ", constraints)}");
        }

        return text.ToString();
    }

    public static string FieldModifiers(IFieldSymbol field)
    {
        var modifiers = new List<string>();
        if (field.DeclaredAccessibility != Accessibility.Public)
            modifiers.Add("protected");
        if (field.IsConst)
            modifiers.Add("const");
        if (field is { IsStatic: true, IsConst: false })
            modifiers.Add("static");
        if (field is { IsReadOnly: true, IsConst: false })
            modifiers.Add("readonly");
        if (field.IsRequired)
            modifiers.Add("required");
        return Braces(modifiers);
    }

    public static string Modifiers(ISymbol member, INamedTypeSymbol type)
    {
        var modifiers = new List<string>();
        if (member.DeclaredAccessibility != Accessibility.Public)
            modifiers.Add("protected");
        if (member.IsStatic)
            modifiers.Add("static");
        if (type.TypeKind == TypeKind.Interface)
        {
            if (member is { IsAbstract: false, IsStatic: false })
                modifiers.Add("default-impl");
            if (member is { IsStatic: true, IsAbstract: true })
                modifiers.Add("abstract");
        }
        else if (Virtuality(member) is { } virtuality)
        {
            modifiers.Add(virtuality);
        }

        if (member is IPropertySymbol { IsRequired: true })
            modifiers.Add("required");
        return Braces(modifiers);
    }

    public static string Braces(List<string> modifiers) => modifiers.Count == 0 ? "" : $" {{{string.Join(' ', modifiers)}}}";

    private static string? Virtuality(ISymbol member) => member switch
    {
        { IsAbstract: true, IsOverride: true } => "abstract override",
        { IsAbstract: true } => "abstract",
        { IsOverride: true, IsSealed: true } => "sealed override",
        { IsOverride: true } => "override",
        { IsVirtual: true } => "virtual",
        _ => null,
    };
}
