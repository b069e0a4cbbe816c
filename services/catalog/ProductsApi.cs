namespace DaprMesh.Catalog;

internal static class ProductsApi
{
    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/api/products").WithTags("Products");

        products.MapGet("/", ListProducts.Handle);
        products.MapPost("/", CreateProduct.Handle);
        products.MapGet("/{id}", GetProduct.Handle);
        products.MapPut("/{id}", UpdateProduct.Handle);
        products.MapDelete("/{id}", DeleteProduct.Handle);
        products.MapPost("/{id}/stock", AdjustStock.Handle);
    }
}
