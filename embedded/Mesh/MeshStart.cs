namespace DaprMesh.Launcher;

/// <summary>What the start of every app of a mesh has in common.</summary>
/// <param name="Apps">All that are started.</param>
/// <param name="Began">Timestamp of the launcher's start.</param>
internal sealed record MeshStart(MeshLog Log, string DataFolder, int PortOffset, IReadOnlyList<RunApp> Apps, long Began)
{
    /// <summary>
    /// What the run file sets for an app, the folder that the mesh keeps its data in, and where each app listens, as .NET's service discovery reads it.
    /// </summary>
    public IReadOnlyDictionary<string, string> SettingsOf(RunApp app)
    {
        var settings = new Dictionary<string, string>(app.Settings.Env);
        settings.TryAdd("DAPRMESH_DATA", DataFolder);
        foreach (var other in Apps.Where(other => other.AppPort > 0))
        {
            settings[$"services__{other.AppId}__http__{other.Replica}"] = $"http://127.0.0.1:{other.AppPort + PortOffset}"; // the run file knows no shifted ports and no replicas
        }

        return settings;
    }

    /// <summary>The one clear message for an app that ended while it started, with its last lines.</summary>
    public MeshException AppDied(string name, string reason, Exception? error)
    {
        var last = Log.LastLines(name);
        var tail = last.Count == 0 ? "" : $"{Environment.NewLine}  its last lines:{Environment.NewLine}    {string.Join(Environment.NewLine + "    ", last)}";
        return new MeshException($"{name} ended while it started: {reason}{tail}", error);
    }
}
