using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DaprMesh.ServiceDefaults;

/// <summary>Settings as objects, checked before the service starts.</summary>
public static class ValidatedOptions
{
    private const string Suffix = "Options";

    /// <summary>Reads <typeparamref name="T"/> from the section of its name less "Options"; a value out of range keeps the service from starting.</summary>
    public static IHostApplicationBuilder AddValidatedOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(
        this IHostApplicationBuilder builder, string? section = null) where T : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<T>().BindConfiguration(section ?? SectionOf(typeof(T))).ValidateDataAnnotations().ValidateOnStart();
        return builder;
    }

    private static string SectionOf(Type type) =>
        type.Name.EndsWith(Suffix, StringComparison.Ordinal) ? type.Name[..^Suffix.Length] : type.Name;
}
