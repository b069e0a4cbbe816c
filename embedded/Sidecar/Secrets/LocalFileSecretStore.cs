using System.Text.Json;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Json;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Secrets;

/// <summary><c>secretstores.local.file</c>: a JSON file, read once. Nested names are joined by a separator, or one level of them is kept as keys.</summary>
internal sealed class LocalFileSecretStore(Component component, SidecarContext context) : ISecretStore
{
    private readonly bool _multiValued = component.IsTrue("multiValued");
    private readonly string _separator = component.Find("nestedSeparator") is { Length: > 0 } separator ? separator : ":";
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _secrets = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Capabilities => _multiValued ? ["MULTIPLE_KEY_VALUES_PER_SECRET"] : [];

    public async Task InitAsync(CancellationToken ct)
    {
        if (component.Find("secretsFile") is not { Length: > 0 } file)
        {
            throw new SecretsFileException("missing local secrets file in metadata");
        }

        var path = Path.GetFullPath(file, context.Options.WorkingDirectory ?? Environment.CurrentDirectory);
        if (!File.Exists(path))
        {
            throw new SecretsFileException($"open {file}: no such file or directory");
        }

        Load(await File.ReadAllBytesAsync(path, ct), file);
    }

    public ValueTask<IReadOnlyDictionary<string, string>> GetAsync(
        string name, IReadOnlyDictionary<string, string> metadata, CancellationToken ct) =>
        _secrets.TryGetValue(name, out var secret) ? ValueTask.FromResult(secret) : throw new SecretNotFoundException(name);

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> GetAllAsync(
        IReadOnlyDictionary<string, string> metadata, CancellationToken ct) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>>(_secrets);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Load(byte[] json, string file)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(GoJson.Reencode(json));
        }
        catch (JsonException e)
        {
            throw new SecretsFileException($"{file}: {e.Message}", e);
        }

        using (document)
        {
            if (document.RootElement.ValueKind == JsonValueKind.Null)
            {
                return;
            }

            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new SecretsFileException($"{file}: the file holds no JSON object of secrets");
            }

            foreach (var secret in document.RootElement.EnumerateObject())
            {
                Add(secret.Name, secret.Value);
            }
        }
    }

    private void Add(string name, JsonElement value)
    {
        if (!_multiValued)
        {
            foreach (var (path, text) in Leaves(name, value))
            {
                _secrets.TryAdd(path, Single(path, text));
            }
        }
        else if (value.ValueKind == JsonValueKind.String)
        {
            _secrets[name] = Single(name, value.GetString()!);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            var keys = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (path, text) in value.EnumerateObject().SelectMany(member => Leaves(member.Name, member.Value)))
            {
                keys.TryAdd(path, text);
            }

            _secrets[name] = keys;
        }
    }

    private IEnumerable<(string Path, string Text)> Leaves(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Leaves(path + _separator + member.Name, member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((element, index) => Leaves($"{path}{_separator}{index}", element)),
        _ => [(path, Text(value))],
    };

    /// <summary>daprd prints every leaf with a verb for text, which marks what is none.</summary>
    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => $"%!s(float64={GoValue.Format(value)})",
        JsonValueKind.True or JsonValueKind.False => $"%!s(bool={GoValue.Format(value)})",
        _ => "%!s(<nil>)",
    };

    private static Dictionary<string, string> Single(string name, string value) => new(StringComparer.Ordinal) { [name] = value };
}

/// <summary>The file of a local secret store cannot be used.</summary>
internal sealed class SecretsFileException(string message, Exception? inner = null) : Exception(message, inner);
