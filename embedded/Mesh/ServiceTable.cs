using System.Globalization;
using System.Text;

namespace DaprMesh.Launcher;

/// <summary>The one table a start ends with: service, address, sidecar, ready after.</summary>
internal static class ServiceTable
{
    public static string Of(IReadOnlyList<IMeshApp> apps)
    {
        string[][] rows =
        [
            ["service", "address", "sidecar", "ready after"],
            .. apps.OrderBy(app => app.Name, StringComparer.Ordinal).Select(app => new[]
            {
                app.Name, Text(app.Url), Text(app.SidecarUrl), $"{app.ReadyAfter.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms",
            }),
        ];
        var widths = Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var table = new StringBuilder();
        foreach (var row in rows)
        {
            table.Append("  ").AppendJoin("   ", row.Select((cell, column) => cell.PadRight(widths[column]))).AppendLine();
        }

        return table.ToString();
    }

    private static string Text(Uri? url) => url?.GetLeftPart(UriPartial.Authority) ?? "-";
}
