using System.ComponentModel.DataAnnotations;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Catalog;

internal static class AdjustStock
{
    /// <param name="Delta">Units that came in, or went out when negative.</param>
    public sealed record Request([property: Range(-1_000_000_000, 1_000_000_000)] int Delta);

    public static async Task<Results<Ok<Product>, ProblemHttpResult>> Handle(
        string id, Request adjustment, StateStore<Product> products, TimeProvider clock, CancellationToken ct) =>
        (await products.UpdateAsync(id, product => product.AdjustStock(adjustment.Delta, clock.GetUtcNow()), ct)).ToOk();
}
