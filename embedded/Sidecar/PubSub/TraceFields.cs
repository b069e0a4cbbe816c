using System.Diagnostics;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>The trace context an event carries; empty when the publish is not traced.</summary>
internal readonly record struct TraceFields(string Parent, string State)
{
    public static TraceFields Of(Activity? span) => span is { Id: { } id } ? new(id, span.TraceStateString ?? "") : new("", "");
}
