using DaprMesh.Sidecar.Hosting;

namespace DaprMesh.Sidecar.Bindings;

/// <summary>A component that the app calls to reach something outside.</summary>
public interface IOutputBinding : IComponent
{
    /// <summary>The operations it knows, in the order that error messages list them.</summary>
    IReadOnlyList<string> Operations { get; }

    /// <summary>Does an operation; null when it has nothing to answer.</summary>
    ValueTask<BindingAnswer?> InvokeAsync(BindingRequest request, CancellationToken ct);
}

/// <summary>A component that calls the app when something happens outside.</summary>
public interface IInputBinding : IComponent
{
    /// <summary>Brings events to <paramref name="handler"/> until disposed, which waits for handlers that run.</summary>
    IAsyncDisposable Read(BindingHandler handler);
}

/// <summary>Handles an event; false when the app did not.</summary>
public delegate ValueTask<bool> BindingHandler(BindingEvent message, CancellationToken ct);

/// <param name="Data">JSON as the app sent it, a string with its quotes.</param>
public sealed record BindingRequest(string Operation, ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The data, a JSON string without its quotes and escapes.</summary>
    public ReadOnlyMemory<byte> Unquoted()
    {
        if (Data.Length < 2 || Data.Span[0] != '"')
        {
            return Data;
        }

        var reader = new System.Text.Json.Utf8JsonReader(Data.Span);
        return reader.Read() && reader.TokenType == System.Text.Json.JsonTokenType.String
            ? System.Text.Encoding.UTF8.GetBytes(reader.GetString() ?? "")
            : Data;
    }
}

/// <param name="FailedStatus">The status of an answer that counts as a failure, for the resiliency policy; null when it is none.</param>
public sealed record BindingAnswer(ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string>? Metadata = null, int? FailedStatus = null);

public sealed record BindingEvent(ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string> Metadata);

/// <summary>Why a binding could not do an operation; the text goes into the API's answer.</summary>
public sealed class BindingException(string message) : Exception(message);
