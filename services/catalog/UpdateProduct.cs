using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Catalog;

internal static class UpdateProduct
{
    public static async Task<Results<Ok<Product>, ProblemHttpResult>> Handle(
        string id, ProductInput input, IfMatch ifMatch, HttpResponse response, StateStore<Product> products, TimeProvider clock, CancellationToken ct) =>
        (await products.UpdateAsync(id, product => product.Change(input, clock.GetUtcNow()), ifMatch.Needed(), ct)).WithETag(response).ToOk();
}
