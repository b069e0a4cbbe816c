using System.Text.Json;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.State;

namespace DaprMesh.Sidecar.Actors;

/// <summary>Reads the operations of a transaction; their values are stored in the form that daprd gives them.</summary>
internal static class ActorTransaction
{
    internal readonly record struct Request(
        string Operation, string? Key, ReadOnlyMemory<byte> Value, string? ETag, string? Concurrency, string? Consistency, string? Ttl, bool HasTtl);

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1024, AllowMultipleValues = true };

    /// <exception cref="ApiException">The body is not a list of operations.</exception>
    public static List<Request> Read(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            if (!reader.Read())
            {
                throw ActorErrors.Malformed("EOF");
            }

            var requests = new List<Request>();
            if (reader.TokenType == JsonTokenType.Null)
            {
                return requests;
            }

            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw WrongType(ref reader, "[]api.TransactionalOperation");
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                requests.Add(ReadOperation(ref reader, body));
            }

            return requests;
        }
        catch (JsonException)
        {
            throw ActorErrors.Malformed(Json.GoJsonError.Explain(body));
        }
    }

    /// <exception cref="StateStoreException">An operation is unknown, or lacks its key, or has a TTL where none is allowed.</exception>
    public static IReadOnlyList<StateOperation> ToOperations(List<Request> requests, string prefix, bool ttlEnabled)
    {
        var operations = new StateOperation[requests.Count];
        for (var i = 0; i < operations.Length; i++)
        {
            var request = requests[i];
            var kind = request.Operation switch
            {
                "upsert" => StateOperationKind.Upsert,
                "delete" => StateOperationKind.Delete,
                var other => throw new StateStoreException($"operation type {other} not supported"),
            };
            if (string.IsNullOrEmpty(request.Key))
            {
                throw new StateStoreException("missing key");
            }

            if (request.HasTtl && !ttlEnabled)
            {
                throw new StateStoreException("ttlInSeconds is not supported without the \"ActorStateTTL\" feature enabled");
            }

            operations[i] = new StateOperation(kind, prefix + request.Key)
            {
                Value = kind == StateOperationKind.Delete ? default : request.Value.IsEmpty ? "null"u8.ToArray() : Json.GoJson.Reencode(request.Value.Span),
                ETag = request.ETag,
                Concurrency = request.Concurrency,
                Consistency = request.Consistency,
                TtlInSeconds = request.Ttl,
            };
        }

        return operations;
    }

    private static Request ReadOperation(ref Utf8JsonReader reader, byte[] body)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw WrongType(ref reader, "api.TransactionalOperation");
        }

        var request = new Request("", null, default, null, null, null, null, false);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isOperation = reader.ValueTextEquals("operation"u8);
            var isRequest = reader.ValueTextEquals("request"u8);
            reader.Read();
            if (isOperation && reader.TokenType == JsonTokenType.String)
            {
                request = request with { Operation = Json.GoJsonText.Read(reader) };
            }
            else if (isRequest && reader.TokenType == JsonTokenType.StartObject)
            {
                request = ReadRequest(ref reader, body, request);
            }
            else
            {
                reader.Skip();
            }
        }

        return request;
    }

    private static Request ReadRequest(ref Utf8JsonReader reader, byte[] body, Request request)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = Json.GoJsonText.Read(reader);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            switch (name)
            {
                case "key" when reader.TokenType == JsonTokenType.String:
                    request = request with { Key = Json.GoJsonText.Read(reader) };
                    break;
                case "etag" when reader.TokenType == JsonTokenType.String:
                    request = request with { ETag = Json.GoJsonText.Read(reader) };
                    break;
                case "value":
                    reader.Skip();
                    request = request with { Value = body.AsMemory(start..(int)reader.BytesConsumed) };
                    break;
                case "options" when reader.TokenType == JsonTokenType.StartObject:
                    var options = Strings(ref reader);
                    request = request with { Concurrency = options.GetValueOrDefault("concurrency"), Consistency = options.GetValueOrDefault("consistency") };
                    break;
                case "metadata" when reader.TokenType == JsonTokenType.StartObject:
                    var hasTtl = Strings(ref reader).TryGetValue("ttlInSeconds", out var ttl);
                    request = request with { Ttl = ttl, HasTtl = hasTtl };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return request;
    }

    private static Dictionary<string, string> Strings(ref Utf8JsonReader reader)
    {
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = Json.GoJsonText.Read(reader);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                strings[name] = Json.GoJsonText.Read(reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return strings;
    }

    private static ApiException WrongType(ref Utf8JsonReader reader, string expected)
    {
        var found = reader.TokenType switch
        {
            JsonTokenType.StartObject => "object",
            JsonTokenType.StartArray => "array",
            JsonTokenType.String => "string",
            JsonTokenType.Number => "number",
            _ => "bool",
        };
        return ActorErrors.Malformed($"json: cannot unmarshal {found} into Go value of type {expected}");
    }
}
