using System.Text.Json.Serialization;
using DaprMesh.Gateway.Limits;
using DaprMesh.Gateway.Pages;

namespace DaprMesh.Gateway;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Overview))]
[JsonSerializable(typeof(MeshState))]
[JsonSerializable(typeof(WindowUse))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
internal sealed partial class GatewayJson : JsonSerializerContext;
