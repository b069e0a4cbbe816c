using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DaprMesh.State;

namespace DaprMesh.Users;

internal static class Once
{
    /// <summary>The idempotency key of a request; null when the client sent none.</summary>
    public static IdempotencyKey? Of<T>(string? key, T request, JsonTypeInfo<T> type, string scope) =>
        string.IsNullOrEmpty(key) ? null : IdempotencyKey.Of(key, JsonSerializer.SerializeToUtf8Bytes(request, type), scope);
}
