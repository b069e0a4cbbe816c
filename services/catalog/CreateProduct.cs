using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace DaprMesh.Catalog;

internal static class CreateProduct
{
    public static async Task<Results<Created<Product>, ProblemHttpResult>> Handle(
        ProductInput input, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, ProductStore products, OutboxPublisher outbox, CancellationToken ct)
    {
        var hash = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(input, CatalogJson.Default.ProductInput)));
        if (await products.CreateAsync(input, idempotencyKey, hash, ct) is not { } created)
        {
            return ProductAnswers.Problem(
                422, "idempotency-key.other-body", "Key used before", "This Idempotency-Key was used with another body. Take a new key.");
        }

        await outbox.PublishAsync(created.Events, ct);
        return TypedResults.Created($"/api/products/{created.Product.Id}", created.Product);
    }
}
