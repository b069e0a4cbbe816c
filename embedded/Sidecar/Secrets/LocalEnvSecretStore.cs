using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Secrets;

/// <summary><c>secretstores.local.env</c>: the environment, the sidecar's own variables left out. A variable that is not there is an empty secret.</summary>
internal sealed class LocalEnvSecretStore(Component component, SidecarContext context) : ISecretStore
{
    private readonly string _prefix = component.Find("prefix") ?? "";

    public IReadOnlyList<string> Capabilities { get; } = [];

    public Task InitAsync(CancellationToken ct) => Task.CompletedTask;

    public ValueTask<IReadOnlyDictionary<string, string>> GetAsync(
        string name, IReadOnlyDictionary<string, string> metadata, CancellationToken ct)
    {
        var variable = _prefix + name;
        var value = IsHidden(variable) ? null : context.Options.Environment.GetValueOrDefault(variable);
        return ValueTask.FromResult<IReadOnlyDictionary<string, string>>(Single(name, value ?? ""));
    }

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> GetAllAsync(
        IReadOnlyDictionary<string, string> metadata, CancellationToken ct)
    {
        var all = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (variable, value) in context.Options.Environment)
        {
            if (!IsHidden(variable)
                && variable.StartsWith(_prefix, StringComparison.Ordinal)
                && (_prefix.Length == 0 || variable.Length > _prefix.Length))
            {
                var name = variable[_prefix.Length..];
                all[name] = Single(name, value);
            }
        }

        return ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>>(all);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool IsHidden(string variable) =>
        variable.Equals("APP_API_TOKEN", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("DAPR_", StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string> Single(string name, string value) =>
        new(StringComparer.Ordinal) { [name] = value };
}
