namespace DaprMesh.Launcher;

/// <summary>What the start of every app of a mesh has in common.</summary>
/// <param name="Began">Timestamp of the launcher's start.</param>
internal sealed record MeshStart(MeshLog Log, string DataFolder, int PortOffset, long Began)
{
    /// <summary>What the run file sets for an app, and the folder that the mesh keeps its data in.</summary>
    public IReadOnlyDictionary<string, string> SettingsOf(RunApp app)
    {
        var settings = new Dictionary<string, string>(app.Settings.Env);
        settings.TryAdd("DAPRMESH_DATA", DataFolder);
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
