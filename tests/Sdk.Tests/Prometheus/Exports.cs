using System.Text;
using Prometheus;

namespace DaprMesh.Sdk.Tests.Prometheus;

internal static class Exports
{
    public static async Task<string> TextAsync(this CollectorRegistry registry, ExpositionFormat format = ExpositionFormat.PrometheusText)
    {
        using var to = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(to, format, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(to.ToArray());
    }
}
