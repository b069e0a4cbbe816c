using System.Reflection;

namespace DaprMesh.Sdk.Tests.Api;

/// <summary>The projects under sdk/ and what is known about the packages they stand for.</summary>
internal static class DropIns
{
    /// <summary>Projects whose package was not listed.</summary>
    public static readonly IReadOnlyDictionary<string, string> WithoutList = new Dictionary<string, string>
    {
        ["Dapr.Extensions.Configuration"] = "small and not part of the listed packages; its extension methods follow the package's own",
    };

    /// <summary>Overloads that stay out, by a part of their line, each with its reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> LeftOut = new Dictionary<string, string>
    {
        ["RpcException"] = "the type is in Grpc.Core",
        ["CallInvoker"] = "the type is in Grpc.Core",
        ["GrpcChannelOptions"] = "the type is in Grpc.Net.Client",
        ["IActorResponseMessageBody"] = "protected, for the generated proxies of the package, which ours are not",
        ["TimerInfo timerInfo"] = "obsolete, and nobody outside the package can make a TimerInfo",
    };

    private static readonly Dictionary<string, string> AssemblyNames = new()
    {
        ["prometheus-net"] = "Prometheus.NetStandard",
        ["prometheus-net.AspNetCore"] = "Prometheus.AspNetCore",
    };

    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.EnumerateDirectories(Path.Combine(Root, "sdk")).Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any()).Select(Path.GetFileName).OfType<string>().Order()];

    private static string Root => typeof(DropIns).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RootDirectory").Value
        ?? throw new InvalidOperationException("The project file gives the root directory.");

    public static string AssemblyFile(string project) =>
        Path.Combine(AppContext.BaseDirectory, AssemblyNames.GetValueOrDefault(project, project) + ".dll");

    public static string ListFile(string project) => Path.Combine(AppContext.BaseDirectory, "Api", "Lists", project + ".txt");
}
