using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.InProcess;

/// <summary>An ordinary ASP.NET Core program to be run in this process.</summary>
/// <param name="Program">The assembly whose entry point is called.</param>
public sealed record AppSpec(string AppId, Assembly Program)
{
    /// <summary>The folder that holds its <c>appsettings.json</c>.</summary>
    public required string ContentRoot { get; init; }

    /// <summary>0: a free port.</summary>
    public int Port { get; init; }

    /// <summary>
    /// A further number under which the hosts of this process reach it, for a sidecar that is started before the app has its port; 0: none.
    /// </summary>
    public int DispatchPort { get; init; }

    /// <summary>What is called instead of the assembly's entry point, with the same arguments.</summary>
    public Func<string[], Task>? Main { get; init; }

    public string Environment { get; init; } = "Development";

    /// <summary>Settings as they would stand in environment variables: <c>Catalog__PageSize</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the program's log instead of the console; null: its own providers stay.</summary>
    public ILoggerProvider? Log { get; init; }

    /// <summary>Last changes to its services, for tests.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }
}
