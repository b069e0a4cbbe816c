using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Catalog;

internal static class DeleteProduct
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string id, HttpRequest request, ProductStore products, OutboxPublisher outbox, CancellationToken ct)
    {
        ProductAnswers.TryIfMatch(request, out var etag);
        switch (await products.DeleteAsync(id, string.IsNullOrEmpty(etag) ? null : etag, ct))
        {
            case UpdateResult.Saved saved:
                await outbox.PublishAsync(saved.Events, ct);
                return TypedResults.NoContent();
            case UpdateResult.Stale:
                return ProductAnswers.Stale(id);
            default:
                return ProductAnswers.Missing(id);
        }
    }
}
