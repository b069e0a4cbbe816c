using System.Text.Json.Serialization;
using DaprMesh.Contracts;

namespace DaprMesh.Catalog;

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true, AllowOutOfOrderMetadataProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(ProductInput))]
[JsonSerializable(typeof(ProductPage))]
[JsonSerializable(typeof(ProductCursor))]
[JsonSerializable(typeof(ProductCreated))]
[JsonSerializable(typeof(ProductChanged))]
[JsonSerializable(typeof(ProductPriceChanged))]
[JsonSerializable(typeof(ProductDeleted))]
[JsonSerializable(typeof(AdjustStock.Request), TypeInfoPropertyName = "AdjustStockRequest")]
[JsonSerializable(typeof(SystemHealth))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))]
[JsonSerializable(typeof(HttpValidationProblemDetails))]
internal sealed partial class CatalogJson : JsonSerializerContext;
