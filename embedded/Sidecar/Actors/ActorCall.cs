using Microsoft.AspNetCore.Http;

namespace DaprMesh.Sidecar.Actors;

internal enum ActorCallKind
{
    Method,
    Reminder,
    Timer,
}

/// <summary>What is asked of an actor: a method call with its headers and query, or a callback with a JSON body.</summary>
/// <param name="Method">Behind <c>/method/</c> in the app's path, not escaped.</param>
/// <param name="Query">As in the request, with its question mark; empty when there is none.</param>
/// <param name="IsForwarded">Another sidecar took the call and sent it here.</param>
internal sealed record ActorCall(
    string Type, string Id, string Method, ActorCallKind Kind, string Query, IHeaderDictionary? Headers, ReadOnlyMemory<byte> Body, string? TraceParent, bool IsForwarded)
{
    public static ActorCall Reminder(string type, string id, string name, ReadOnlyMemory<byte> body) =>
        new(type, id, "remind/" + name, ActorCallKind.Reminder, "", null, body, null, false);

    public static ActorCall Timer(string type, string id, string name, ReadOnlyMemory<byte> body) =>
        new(type, id, "timer/" + name, ActorCallKind.Timer, "", null, body, null, false);
}

/// <summary>The app's answer with status 200, its body read so that the turn can end.</summary>
internal sealed class ActorAnswer(HttpResponseMessage response, byte[] body) : IDisposable
{
    public const string ErrorHeader = "X-DaprErrorResponseHeader";

    private const string CancelHeader = "X-DaprReminderCancel";

    public HttpResponseMessage Response { get; } = response;

    public byte[] Body { get; } = body;

    /// <summary>The app's SDK reports an exception of the actor.</summary>
    public bool IsError => Response.Headers.NonValidated.Contains(ErrorHeader);

    /// <summary>The callback wants no further ones.</summary>
    public bool IsCancel =>
        Response.Headers.NonValidated.TryGetValues(CancelHeader, out var value) && value.ToString().ToUpperInvariant() is "Y" or "YES" or "TRUE" or "T" or "ON" or "1";

    public void Dispose() => Response.Dispose();
}
