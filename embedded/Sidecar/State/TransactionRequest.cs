using System.Text.Json;
using DaprMesh.Sidecar.Json;

namespace DaprMesh.Sidecar.State;

/// <summary>The body of a transaction: operations by name, what they ask still unread.</summary>
internal static class TransactionRequest
{
    /// <exception cref="JsonException">The body is no transaction; the message is Go's.</exception>
    public static List<(string Operation, byte[]? Request)> Read(ReadOnlySpan<byte> body)
    {
        const string Operation = "Go struct field stateTransactionRequestBodyOperation.operations.";
        var operations = new List<(string, byte[]?)>();
        var decoder = new GoDecoder(body);
        if (decoder.Opens(JsonTokenType.StartObject, "Go value of type http.stateTransactionRequestBody"))
        {
            while (decoder.NextMember(out var name))
            {
                switch (name.ToUpperInvariant())
                {
                    case "OPERATIONS":
                        operations.Clear();
                        ReadOperations(ref decoder, operations, Operation);
                        break;
                    case "METADATA":
                        _ = decoder.Map("Go struct field stateTransactionRequestBody.metadata");
                        break;
                    default:
                        decoder.Skip();
                        break;
                }
            }
        }

        decoder.Finish();
        return operations;
    }

    private static void ReadOperations(ref GoDecoder decoder, List<(string, byte[]?)> operations, string field)
    {
        const string List = "Go struct field stateTransactionRequestBody.operations of type ";
        if (!decoder.Opens(JsonTokenType.StartArray, List + "[]http.stateTransactionRequestBodyOperation"))
        {
            return;
        }

        while (decoder.NextElement())
        {
            var operation = "";
            byte[]? request = null;
            if (decoder.Opens(JsonTokenType.StartObject, List + "http.stateTransactionRequestBodyOperation"))
            {
                while (decoder.NextMember(out var name))
                {
                    switch (name.ToUpperInvariant())
                    {
                        case "OPERATION":
                            operation = decoder.String(field + "operation") ?? operation;
                            break;
                        case "REQUEST":
                            request = ReadRequest(ref decoder, field);
                            break;
                        default:
                            decoder.Skip();
                            break;
                    }
                }
            }

            operations.Add((operation, request));
        }
    }

    private static byte[]? ReadRequest(ref GoDecoder decoder, string field)
    {
        try
        {
            return GoJson.Reencode(decoder.Raw());
        }
        catch (GoNumberRangeException e)
        {
            decoder.Fault($"json: cannot unmarshal number {e.Number} into {field}request of type float64");
            return null;
        }
    }
}
