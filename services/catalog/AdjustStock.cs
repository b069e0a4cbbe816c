using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Catalog;

internal static class AdjustStock
{
    /// <param name="Delta">Units that came in, or went out when negative.</param>
    public sealed record Request([property: Range(-1_000_000_000, 1_000_000_000)] int Delta);

    public static async Task<Results<Ok<Product>, ProblemHttpResult>> Handle(
        string id, Request adjustment, ProductStore products, OutboxPublisher outbox, TimeProvider clock, CancellationToken ct)
    {
        switch (await products.UpdateAsync(id, ifMatch: null, product => product.AdjustStock(adjustment.Delta, clock.GetUtcNow()), ct))
        {
            case UpdateResult.Saved saved:
                await outbox.PublishAsync(saved.Events, ct);
                return TypedResults.Ok(saved.Product);
            case UpdateResult.Refused refused:
                return ProductAnswers.Refused(refused.Reason);
            default:
                return ProductAnswers.Missing(id);
        }
    }
}
