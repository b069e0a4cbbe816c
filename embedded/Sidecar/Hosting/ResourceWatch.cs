using System.Globalization;
using System.Text;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Hosting;

/// <summary>
/// Notices when resource files are written, added or removed. It looks at the folders a few times a second: the files are few, and the
/// system's own watchers are limited in number for one user.
/// </summary>
internal sealed class ResourceWatch(SidecarOptions options)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private string _known = Look(options);

    /// <summary>Completes when something has changed and the files have been left alone since.</summary>
    public async Task ChangedAsync(CancellationToken ct)
    {
        // Files are written in real time, whatever clock the sidecar has.
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        var before = _known;
        while (await timer.WaitForNextTickAsync(ct))
        {
            var now = Look(options);
            if (now == before && now != _known)
            {
                _known = now;
                return;
            }

            before = now;
        }
    }

    private static string Look(SidecarOptions options)
    {
        var seen = new StringBuilder();
        foreach (var path in options.ResourcesPaths)
        {
            var folder = new DirectoryInfo(ResourceLoader.Rooted(options, path));
            if (!folder.Exists)
            {
                continue;
            }

            foreach (var file in folder.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
            {
                if (file.Extension.ToUpperInvariant() is ".YAML" or ".YML")
                {
                    seen.Append(CultureInfo.InvariantCulture, $"{file.FullName}\n{Stamp(file)}\n");
                }
            }
        }

        return seen.ToString();
    }

    private static string Stamp(FileInfo file)
    {
        try
        {
            return string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}");
        }
        catch (IOException)
        {
            return "gone"; // removed since it was listed
        }
    }
}
