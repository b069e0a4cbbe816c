using System.Text.Json;
using DaprMesh.ServiceDefaults.Identity;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace DaprMesh.Catalog;

internal static class CreateProduct
{
    public static async Task<Results<Created<Product>, ProblemHttpResult>> Handle(
        ProductInput input, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, CurrentUser caller, HttpResponse response,
        StateStore<Product> products, TimeProvider clock, CancellationToken ct)
    {
        var once = string.IsNullOrEmpty(idempotencyKey)
            ? null
            : IdempotencyKey.Of(idempotencyKey, JsonSerializer.SerializeToUtf8Bytes(input, CatalogJson.Default.ProductInput), caller.Id);
        var id = Product.NewId(clock.GetUtcNow());
        var decision = await products.CreateAsync(id, Product.Add(id, input, clock.GetUtcNow()), once, ct);
        return decision.WithETag(response).ToCreated(product => $"/api/products/{product.Id}");
    }
}
