using System.Text;
using DaprMesh.Golden.Tests.Recording;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>A call that reached an app.</summary>
internal sealed record AppCall(
    string App, string Method, string Path, string Query, HeaderSet Headers, byte[] Body, long ArrivedAt)
{
    public override string ToString()
    {
        var body = Body.Length == 0 ? "" : $" {Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 300)))}";
        return $"{Method} {Path}{(Query.Length > 0 ? "?" : "")}{Query}{body}";
    }
}

/// <summary>What the sidecar answered: a response, or the reason why none came.</summary>
internal sealed record Answer(int? Status, HeaderSet Headers, byte[] Body, string? Error = null);
