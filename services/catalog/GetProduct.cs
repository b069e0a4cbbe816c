using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Catalog;

internal static class GetProduct
{
    public static async Task<Results<Ok<Product>, StatusCodeHttpResult, ProblemHttpResult>> Handle(
        string id, HttpContext http, StateStore<Product> products, CancellationToken ct)
    {
        if (await products.FindWithETagAsync(id, ct) is not { } found)
        {
            return products.Missing(id).ToProblem();
        }

        var etag = $"\"{found.ETag}\"";
        http.Response.Headers.ETag = etag;
        return http.Request.Headers.IfNoneMatch.Contains(etag) ? TypedResults.StatusCode(304) : TypedResults.Ok(found.State);
    }
}
