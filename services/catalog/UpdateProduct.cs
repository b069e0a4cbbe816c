using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Catalog;

internal static class UpdateProduct
{
    public static async Task<Results<Ok<Product>, ProblemHttpResult>> Handle(
        string id, ProductInput input, HttpRequest request, ProductStore products, OutboxPublisher outbox, TimeProvider clock, CancellationToken ct)
    {
        if (!ProductAnswers.TryIfMatch(request, out var etag))
        {
            return ProductAnswers.IfMatchNeeded();
        }

        switch (await products.UpdateAsync(id, etag, product => product.Change(input, clock.GetUtcNow()), ct))
        {
            case UpdateResult.Saved saved:
                await outbox.PublishAsync(saved.Events, ct);
                return TypedResults.Ok(saved.Product);
            case UpdateResult.Stale:
                return ProductAnswers.Stale(id);
            case UpdateResult.Refused refused:
                return ProductAnswers.Refused(refused.Reason);
            default:
                return ProductAnswers.Missing(id);
        }
    }
}
