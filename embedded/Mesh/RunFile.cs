using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Launcher;

/// <summary>A multi-app run file, Dapr's <c>dapr.yaml</c>: common settings laid under each app's own. Paths are absolute.</summary>
internal sealed record RunFile(string Path, string Name, IReadOnlyList<RunApp> Apps)
{
    private static readonly string[] Names = ["dapr.yaml", "dapr.yml"];

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The file named, the one in the folder named, or the nearest one from the working folder upwards.</summary>
    public static string Locate(string? given)
    {
        if (given is not null)
        {
            var full = System.IO.Path.GetFullPath(given);
            return File.Exists(full) ? full
                : In(full) ?? throw new MeshException($"there is no dapr.yaml at {full}.");
        }

        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            if (In(folder.FullName) is { } found)
            {
                return found;
            }
        }

        throw new MeshException("there is no dapr.yaml here or above; name one with --run-file.");
    }

    /// <exception cref="MeshException">The file is not a run file; the message names file, line and field.</exception>
    public static RunFile Read(string path)
    {
        try
        {
            var document = YamlText.Read(File.ReadAllText(path), path) ?? throw new MeshException($"{path} is empty.");
            if (document.Kind != YamlKind.Map)
            {
                throw new MeshException($"{path}:{document.Line}: a run file is a map with version, common and apps.");
            }

            return Read(new Fields(document, path, exactNames: true), path);
        }
        catch (ResourceFormatException e)
        {
            throw new MeshException(e.Message, e);
        }
    }

    private static RunFile Read(Fields fields, string path)
    {
        if (fields.Integer("version") is not >= 1)
        {
            throw new MeshException($"{path}:{fields.Line}: version has to be 1 or higher.");
        }

        var folder = System.IO.Path.GetDirectoryName(path)!;
        var common = fields.Map("common") is { } map ? RunSettings.Read(map, folder) : RunSettings.None;
        var apps = fields.List("apps", app => RunApp.Read(app, path, folder, common));
        if (apps.Count == 0)
        {
            throw new MeshException($"{path}:{fields.Line}: apps lists no app.");
        }

        var twice = apps.GroupBy(app => app.AppId).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new MeshException($"{path}:{twice.Last().Line}: appID {twice.Key} stands twice.");
        }

        return new RunFile(path, fields.Text("name", "") is { Length: > 0 } name ? name : System.IO.Path.GetFileName(folder), apps);
    }

    private static string? In(string folder) => Names.Select(name => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}

/// <summary>Settings that stand in <c>common</c> and in an app.</summary>
internal sealed record RunSettings(
    IReadOnlyList<string> ResourcesPaths, string? ConfigFile, string? AppProtocol, int? AppMaxConcurrency, string? LogLevel,
    bool? EnableAppHealthCheck, string? AppHealthCheckPath, int? AppHealthProbeInterval, int? AppHealthProbeTimeout, int? AppHealthThreshold,
    bool? EnableApiLogging, string? MaxBodySize, IReadOnlyDictionary<string, string> Env)
{
    public static readonly RunSettings None = new([], null, null, null, null, null, null, null, null, null, null, null, new Dictionary<string, string>());

    /// <param name="folder">What relative paths start from.</param>
    public static RunSettings Read(Fields fields, string folder)
    {
        string Rooted(string path) => System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, path));
        var paths = fields.TextList("resourcesPaths");
        return new RunSettings(
            [.. (paths.Count > 0 ? paths : fields.Text("resourcesPath") is { } single ? [single] : []).Select(Rooted)],
            fields.Text("configFilePath") is { } config ? Rooted(config) : null,
            fields.Text("appProtocol"),
            fields.Integer("appMaxConcurrency"),
            fields.Text("logLevel"),
            fields.Flag("enableAppHealthCheck"),
            fields.Text("appHealthCheckPath"),
            fields.Integer("appHealthProbeInterval"),
            fields.Integer("appHealthProbeTimeout"),
            fields.Integer("appHealthThreshold"),
            fields.Flag("enableApiLogging"),
            fields.Text("maxBodySize"),
            fields.Texts("env"));
    }
}

/// <summary>One app of a run file, the common settings already under its own.</summary>
/// <param name="AppPort">0: the app does not listen.</param>
/// <param name="DaprHttpPort">0: a free port.</param>
/// <param name="Command">Empty: a sidecar without an app.</param>
internal sealed record RunApp(
    string AppId, string Folder, int AppPort, int DaprHttpPort, int MetricsPort, IReadOnlyList<string> Command, RunSettings Settings, int Line)
{
    /// <summary>Which instance of the app it is, from 0.</summary>
    public int Replica { get; init; }

    /// <summary>What it is called in the log and in the table.</summary>
    public string Name => Replica == 0 ? AppId : $"{AppId}#{Replica + 1}";

    public static RunApp Read(Fields fields, string file, string folder, RunSettings common)
    {
        var directory = fields.Text("appDirPath") is { } path
            ? System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, path))
            : throw new MeshException($"{file}:{fields.Line}: an app needs appDirPath.");
        if (!Directory.Exists(directory))
        {
            throw new MeshException($"{file}:{fields.Line}: appDirPath {directory} does not exist.");
        }

        var own = RunSettings.Read(fields, directory);
        return new RunApp(
            fields.Text("appID", System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(directory))),
            directory,
            Port(fields, file, "appPort"),
            Port(fields, file, "daprHTTPPort"),
            Port(fields, file, "metricsPort"),
            fields.TextList("command"),
            Merge(own, common, directory, folder),
            fields.Line);
    }

    private static int Port(Fields fields, string file, string name) => fields.Integer(name) switch
    {
        null => 0,
        > 0 and < 65536 and var port => port,
        { } port => throw new MeshException($"{file}:{fields.Line}: {name} {port} is no port."),
    };

    private static RunSettings Merge(RunSettings own, RunSettings common, string directory, string folder)
    {
        var env = new Dictionary<string, string>(common.Env);
        foreach (var (name, value) in own.Env)
        {
            env[name] = value;
        }

        var local = System.IO.Path.Combine(directory, ".dapr");
        return own with
        {
            ResourcesPaths = own.ResourcesPaths.Count > 0 ? own.ResourcesPaths
                : Directory.Exists(System.IO.Path.Combine(local, "resources")) ? [System.IO.Path.Combine(local, "resources")]
                : common.ResourcesPaths,
            ConfigFile = own.ConfigFile ?? (File.Exists(System.IO.Path.Combine(local, "config.yaml")) ? System.IO.Path.Combine(local, "config.yaml") : common.ConfigFile),
            AppProtocol = own.AppProtocol ?? common.AppProtocol,
            AppMaxConcurrency = own.AppMaxConcurrency ?? common.AppMaxConcurrency,
            LogLevel = own.LogLevel ?? common.LogLevel,
            EnableAppHealthCheck = own.EnableAppHealthCheck ?? common.EnableAppHealthCheck,
            AppHealthCheckPath = own.AppHealthCheckPath ?? common.AppHealthCheckPath,
            AppHealthProbeInterval = own.AppHealthProbeInterval ?? common.AppHealthProbeInterval,
            AppHealthProbeTimeout = own.AppHealthProbeTimeout ?? common.AppHealthProbeTimeout,
            AppHealthThreshold = own.AppHealthThreshold ?? common.AppHealthThreshold,
            EnableApiLogging = own.EnableApiLogging ?? common.EnableApiLogging,
            MaxBodySize = own.MaxBodySize ?? common.MaxBodySize,
            Env = env,
        };
    }
}
