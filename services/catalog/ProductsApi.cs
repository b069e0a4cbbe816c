using DaprMesh.Contracts;

namespace DaprMesh.Catalog;

internal static class ProductsApi
{
    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/api/products").WithTags("Products");
        products.MapGet("/", ListProducts.Handle).WithName("ListProducts").WithSummary("A page of products, found by words and category.");
        products.MapGet("/{id}", GetProduct.Handle).WithName("GetProduct").WithSummary("One product with its ETag.");

        var writes = products.MapGroup("").RequirePermission(Permissions.CatalogWrite);
        writes.MapPost("/", CreateProduct.Handle).WithName("CreateProduct").WithSummary("Creates a product, once for an Idempotency-Key.");
        writes.MapPut("/{id}", UpdateProduct.Handle).WithName("UpdateProduct").WithSummary("Replaces a product; needs If-Match.");
        writes.MapDelete("/{id}", DeleteProduct.Handle).WithName("DeleteProduct").WithSummary("Deletes a product.");
        writes.MapPost("/{id}/stock", AdjustStock.Handle).WithName("AdjustStock").WithSummary("Adds to the stock or takes from it.");
    }
}
