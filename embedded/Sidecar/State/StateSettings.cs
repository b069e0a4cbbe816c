using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.State;

/// <summary>What every state store's metadata can say, whatever its type.</summary>
public sealed class StateSettings
{
    private const string Separator = "||";

    private readonly string _prefix;

    private StateSettings(string storeName, string prefix, StateEncryption? encryption, OutboxSettings? outbox)
    {
        StoreName = storeName;
        _prefix = prefix;
        Encryption = encryption;
        Outbox = outbox;
    }

    public string StoreName { get; }

    /// <summary>Null: values are stored as they are.</summary>
    internal StateEncryption? Encryption { get; }

    /// <summary>Null: transactions publish nothing.</summary>
    internal OutboxSettings? Outbox { get; }

    /// <exception cref="StateStoreException">The metadata holds a value that cannot be used.</exception>
    public static StateSettings Of(Component component, SidecarContext context)
    {
        var strategy = component.Find("keyPrefix")?.ToLowerInvariant() ?? "appid";
        if (IsIllegal(strategy))
        {
            throw new StateStoreException(IllegalKey(strategy));
        }

        var prefix = strategy switch
        {
            "none" => "",
            "name" => component.Name + Separator,
            "appid" => context.AppId + Separator,
            "namespace" when context.Options.Namespace.Length > 0 => $"{context.Options.Namespace}.{context.AppId}{Separator}",
            "namespace" => context.AppId + Separator,
            _ => strategy + Separator,
        };
        return new StateSettings(component.Name, prefix, StateEncryption.Of(component), OutboxSettings.Of(component));
    }

    /// <summary>The key as it is stored; false when it holds the separator.</summary>
    internal bool TryStoredKey(string key, out string stored)
    {
        stored = _prefix + key;
        return !IsIllegal(key);
    }

    internal static string IllegalKey(string key) => $"input key/keyPrefix '{key}' can't contain '{Separator}'";

    private static bool IsIllegal(string key) => key.Contains(Separator, StringComparison.Ordinal);
}
