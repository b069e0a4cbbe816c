using System.Security.Cryptography;

namespace DaprMesh.Launcher;

/// <summary>
/// The tokens by which an app and its sidecar know each other. The run file's and the environment's come first; else each pair gets its own at
/// each start, so that another program of the machine can neither call a route meant for the sidecar nor speak through the sidecar as the app.
/// </summary>
internal static class AppTokens
{
    private static readonly string[] Names = ["APP_API_TOKEN", "DAPR_API_TOKEN"];

    public static RunApp GiveTo(RunApp app)
    {
        var env = new Dictionary<string, string>(app.Settings.Env);
        foreach (var name in Names)
        {
            env.TryAdd(name, Environment.GetEnvironmentVariable(name) ?? RandomNumberGenerator.GetHexString(32, lowercase: true));
        }

        return app with { Settings = app.Settings with { Env = env } };
    }

    /// <summary>Adds the app's tokens to the environment of its sidecar.</summary>
    public static Dictionary<string, string> AddTo(Dictionary<string, string> environment, RunApp app)
    {
        foreach (var name in Names)
        {
            environment[name] = app.Settings.Env[name];
        }

        return environment;
    }
}
