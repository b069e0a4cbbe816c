using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Catalog;

internal static class DeleteProduct
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string id, IfMatch ifMatch, StateStore<Product> products, TimeProvider clock, CancellationToken ct) =>
        (await products.DeleteAsync(id, product => product.Delete(clock.GetUtcNow()), ifMatch, ct)).ToNoContent();
}
