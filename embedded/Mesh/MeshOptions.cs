using System.Globalization;

namespace DaprMesh.Launcher;

/// <summary>What the launcher's command line says.</summary>
internal sealed record MeshOptions
{
    /// <summary>The run file: a <c>dapr.yaml</c> or the folder that holds one; null: looked for from here upwards.</summary>
    public string? RunFile { get; init; }

    public bool Isolated { get; init; }

    /// <summary>App ids to run; empty: all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>How many instances of an app run, where it is not one.</summary>
    public IReadOnlyDictionary<string, int> Replicas { get; init; } = new Dictionary<string, int>();

    /// <summary>Where databases are kept; null: <c>.daprmesh</c> beside the run file.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Begin with an empty data folder.</summary>
    public bool Fresh { get; init; }

    /// <summary>Added to every port of the run file.</summary>
    public int PortOffset { get; init; }

    public bool LogJson { get; init; }

    /// <summary>Hosts of one process talk over sockets, so that both ways can be compared.</summary>
    public bool NoDispatch { get; init; }

    public bool Help { get; init; }

    public const string Usage =
        """
        Runs every app of a dapr.yaml with its sidecar, on this machine.

          dotnet run --project embedded/Mesh -- [options]

          -f, --run-file PATH   the dapr.yaml, or its folder (default: the nearest one from here upwards)
              --only a,b        run only these apps
              --replicas a=2,b=3
                                run so many instances of an app, each with a sidecar, on the next free ports
              --isolated        a process for each app and each sidecar (default: all in this process)
              --data DIR        where databases are kept (default: .daprmesh beside the run file)
              --fresh           begin with an empty data folder
              --port-offset N   add N to every port of the run file
              --log-json        log one JSON object a line
              --no-dispatch     let the hosts of this process talk over sockets
          -h, --help            this text
        """;

    /// <exception cref="MeshException">An option that does not exist or has no value.</exception>
    public static MeshOptions Parse(IReadOnlyList<string> args)
    {
        var options = new MeshOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, inline) = args[i].Split('=', 2) is [var n, var v] ? (n, v) : (args[i], null);
            string Value() => inline ?? (i + 1 < args.Count
                ? args[++i]
                : throw new MeshException($"{name} needs a value; --help shows how."));
            options = name switch
            {
                "-f" or "--run-file" => options with { RunFile = Value() },
                "--only" => options with { Only = Value().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) },
                "--replicas" => options with { Replicas = DaprMesh.Launcher.Replicas.Parse(Value()) },
                "--isolated" => options with { Isolated = true },
                "--data" => options with { DataFolder = Value() },
                "--fresh" => options with { Fresh = true },
                "--port-offset" => options with { PortOffset = Number(name, Value()) },
                "--log-json" => options with { LogJson = true },
                "--no-dispatch" => options with { NoDispatch = true },
                "-h" or "--help" => options with { Help = true },
                _ => throw new MeshException($"unknown option {name}; --help shows what there is."),
            };
        }

        return options;
    }

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is > -65536 and < 65536
            ? number
            : throw new MeshException($"{name} takes a whole number, not '{text}'.");
}

/// <summary>Why the mesh cannot start or go on, in one line for the console.</summary>
internal sealed class MeshException(string message, Exception? inner = null) : Exception(message, inner);
