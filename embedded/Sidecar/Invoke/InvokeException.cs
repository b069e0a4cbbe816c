namespace DaprMesh.Sidecar.Invoke;

/// <summary>An invocation that got no answer of the app, with the gRPC code that daprd would report.</summary>
internal sealed class InvokeException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Such as <c>Internal</c>, <c>Unavailable</c>, <c>PermissionDenied</c>, <c>InvalidArgument</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The app has certainly seen nothing of the request: another instance may take it.</summary>
    public bool NothingSent { get; init; }

    /// <summary>As it reads inside another message when it came from the callee's sidecar.</summary>
    public string ToRpcText() => $"rpc error: code = {Code} desc = {Message}";
}
