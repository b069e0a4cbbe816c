using DaprMesh.Sidecar.Jobs;

namespace DaprMesh.Sidecar.Resources;

/// <summary>Reads the resources that may refer to secrets: Component and HTTPEndpoint.</summary>
internal static class ManifestReader
{
    private static readonly TimeSpan DefaultInitTimeout = TimeSpan.FromSeconds(5);

    public static ComponentManifest ReadComponent(Manifest manifest)
    {
        var spec = manifest.Spec;
        return new(
            manifest.Name,
            spec?.Text("type") ?? "",
            spec?.Text("version") ?? "",
            spec?.List("metadata", ReadItem) ?? [],
            manifest.Scopes,
            // daprd takes the default as well for a value it cannot read.
            GoDuration.TryParse(spec?.Text("initTimeout") ?? "", out var timeout) ? timeout : DefaultInitTimeout,
            spec?.Flag("ignoreErrors") ?? false,
            SecretStore(manifest),
            manifest.Source);
    }

    public static HttpEndpointManifest ReadHttpEndpoint(Manifest manifest)
    {
        var spec = manifest.Spec;
        var tls = spec?.Map("clientTLS");
        return new(
            manifest.Name,
            spec?.Text("baseUrl") ?? "",
            spec?.List("headers", ReadItem) ?? [],
            ReadDocument(tls, "rootCA"),
            ReadDocument(tls, "certificate"),
            ReadDocument(tls, "privateKey"),
            tls?.Text("renegotiation"),
            SecretStore(manifest),
            manifest.Source);
    }

    private static string? SecretStore(Manifest manifest) =>
        manifest.Fields.Map("auth")?.Text("secretStore") is { Length: > 0 } name ? name : null;

    private static MetadataItem ReadItem(Fields item) => ReadValue(item, item.Text("name") ?? "");

    private static MetadataItem? ReadDocument(Fields? tls, string name) => tls?.Map(name) is { } document ? ReadValue(document, name) : null;

    private static MetadataItem ReadValue(Fields item, string name)
    {
        var secret = item.Map("secretKeyRef");
        return new(
            name,
            item.Node("value") is { } value ? AsText(value) : null,
            secret?.Text("name") is { Length: > 0 } secretName ? secretName : null,
            secret?.Text("key"),
            item.Text("envRef") is { Length: > 0 } variable ? variable : null);
    }

    /// <summary>A value of any type as text: a map or a list as JSON.</summary>
    private static string AsText(YamlNode value) =>
        value.Kind == YamlKind.Scalar ? YamlScalars.AsText(value) : YamlScalars.ToJson(value)!.ToJsonString();
}
