using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Resources;

/// <summary>The resources in the YAML files of the resources paths, in the order of paths, file names and documents.</summary>
internal sealed class ResourceFiles(ILogger log)
{
    public IEnumerable<Manifest> Read(IEnumerable<string> folders)
    {
        foreach (var file in folders.SelectMany(Files))
        {
            foreach (var (text, firstLine) in YamlText.Split(ReadText(file)))
            {
                if (Manifest(file, text, firstLine) is { } manifest)
                    yield return manifest;
            }
        }
    }

    public static void Skipped(ILogger log, ResourceFormatException reason) =>
        log.LogWarning("daprd load error when parsing manifests yaml resource, it will not be loaded: {Problem}", reason.Message);

    private IEnumerable<string> Files(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ResourceException($"failed to load components: open {folder}: no such file or directory");

        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (Path.GetExtension(file).ToUpperInvariant() is ".YAML" or ".YML")
                yield return file;
            else
                log.LogWarning("A non-YAML file {File} was detected, it will not be loaded", file);
        }
    }

    private string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("daprd load error when opening file {File}: {Reason}", file, e.Message);
            return "";
        }
    }

    /// <summary>The resource in a document; null, and a warning, when there is none that could be read.</summary>
    private Manifest? Manifest(string file, string text, int firstLine)
    {
        try
        {
            if (YamlText.Read(text, file, firstLine) is not { IsNull: false } document)
                return null;

            if (document.Kind != YamlKind.Map)
                throw new ResourceFormatException(file, document.Line, field: null, "expected a resource with apiVersion, kind and metadata");

            var manifest = new Manifest(new Fields(document, file), file);
            if (!manifest.IsKnown)
            {
                log.LogWarning("{Source}: a resource of kind {Kind} ({ApiVersion}) is not for a sidecar, it will not be loaded",
                    manifest.Source, manifest.Kind, manifest.ApiVersion);
                return null;
            }

            manifest.CheckName();
            return manifest;
        }
        catch (ResourceFormatException e)
        {
            Skipped(log, e);
            return null;
        }
    }
}
