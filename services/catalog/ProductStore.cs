using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dapr;
using Dapr.Client;
using Microsoft.Extensions.Options;

namespace DaprMesh.Catalog;

/// <summary>What was asked under an idempotency key, and the product that it made, as it was then.</summary>
public sealed record IdempotencyRecord(string BodyHash, Product Product);

/// <summary>Products in the Dapr state store: a document each, with its place in the index and its events in the same transaction.</summary>
internal sealed class ProductStore(DaprClient dapr, IOptions<CatalogOptions> options, TimeProvider clock)
{
    private const int MaxAttempts = 20;
    private static readonly Dictionary<string, string> JsonContent = new() { ["contentType"] = "application/json" };
    private static readonly StateOptions FirstWrite = new() { Concurrency = ConcurrencyMode.FirstWrite, Consistency = ConsistencyMode.Strong };
    private readonly string _store = options.Value.StateStore;

    /// <summary>The product with its ETag; null when there is none.</summary>
    public async Task<(Product Product, string ETag)?> FindAsync(string id, CancellationToken ct)
    {
        var (product, etag) = await dapr.GetStateAndETagAsync<Product?>(_store, ProductKey(id), cancellationToken: ct);
        return product is null ? null : (product, etag);
    }

    /// <summary>Every product's summary. A product being written meanwhile is there as it was or as it becomes.</summary>
    public async Task<IReadOnlyList<ProductSummary>> ListAsync(CancellationToken ct) =>
        [.. (await ShardsAsync(ct)).SelectMany(shard => shard.Products.Values)];

    public async Task<IReadOnlyList<ProductShard>> ShardsAsync(CancellationToken ct)
    {
        string[] keys = [.. Enumerable.Range(0, ProductShard.Count).Select(ProductShard.Key)];
        var items = await dapr.GetBulkStateAsync<ProductShard?>(_store, keys, parallelism: null, cancellationToken: ct);
        return [.. items.Select(item => item.Value).OfType<ProductShard>()];
    }

    /// <summary>Saves a new product. The same idempotency key gives the product of the first call back.</summary>
    /// <returns>The product; or null: the key was used with another body.</returns>
    public async Task<(Product Product, bool IsNew, IReadOnlyDictionary<string, ProductEvent> Events)?> CreateAsync(
        ProductInput input, string? idempotencyKey, string bodyHash, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (idempotencyKey is not null
                && await dapr.GetStateAsync<IdempotencyRecord?>(_store, IdempotencyKeyOf(idempotencyKey), cancellationToken: ct) is { } earlier)
            {
                return earlier.BodyHash == bodyHash ? (earlier.Product, false, new Dictionary<string, ProductEvent>()) : null;
            }

            var now = clock.GetUtcNow();
            var product = Product.Create($"prd_{Guid.CreateVersion7(now):N}", input, now);
            var events = Named([new ProductCreated(product.Id, product.Version, product.Name, product.Price, product.Stock, now)], now);
            var shard = await ShardOfAsync(product.Id, ct);
            List<StateTransactionRequest> operations =
            [
                Upsert(ProductKey(product.Id), product, CatalogJson.Default.Product, null),
                Upsert(ProductShard.KeyOf(product.Id), shard.Value.With(product).WithUnpublished(events), CatalogJson.Default.ProductShard, shard.ETag),
            ];
            if (idempotencyKey is not null)
            {
                operations.Add(Upsert(
                    IdempotencyKeyOf(idempotencyKey), new IdempotencyRecord(bodyHash, product), CatalogJson.Default.IdempotencyRecord, null));
            }

            if (await TryCommitAsync(operations, attempt, ct))
            {
                return (product, true, events);
            }
        }
    }

    /// <summary>Decides on the product as it is and saves the outcome; decides again when another writer was faster.</summary>
    /// <param name="ifMatch">Null: any version.</param>
    public async Task<UpdateResult> UpdateAsync(string id, string? ifMatch, Func<Product, Decision<Product>> decide, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(id, ct) is not { } found)
            {
                return new UpdateResult.Missing();
            }

            if (ifMatch is not null && ifMatch != found.ETag)
            {
                return new UpdateResult.Stale();
            }

            switch (decide(found.Product))
            {
                case Decision<Product>.Refused refused:
                    return new UpdateResult.Refused(refused.Reason);
                case Decision<Product>.Changed changed:
                    var events = Named(changed.Events, clock.GetUtcNow());
                    var shard = await ShardOfAsync(id, ct);
                    List<StateTransactionRequest> operations =
                    [
                        Upsert(ProductKey(id), changed.State, CatalogJson.Default.Product, found.ETag),
                        Upsert(ProductShard.KeyOf(id), shard.Value.With(changed.State).WithUnpublished(events), CatalogJson.Default.ProductShard, shard.ETag),
                    ];
                    if (await TryCommitAsync(operations, attempt, ct))
                    {
                        return new UpdateResult.Saved(changed.State, events);
                    }

                    break;
                default:
                    return new UpdateResult.Saved(found.Product, new Dictionary<string, ProductEvent>());
            }
        }
    }

    public async Task<UpdateResult> DeleteAsync(string id, string? ifMatch, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(id, ct) is not { } found)
            {
                return new UpdateResult.Missing();
            }

            if (ifMatch is not null && ifMatch != found.ETag)
            {
                return new UpdateResult.Stale();
            }

            var now = clock.GetUtcNow();
            var events = Named([new ProductDeleted(id, found.Product.Version + 1, now)], now);
            var shard = await ShardOfAsync(id, ct);
            List<StateTransactionRequest> operations =
            [
                new(ProductKey(id), null, StateOperationType.Delete, found.ETag, options: FirstWrite),
                Upsert(ProductShard.KeyOf(id), shard.Value.Without(id).WithUnpublished(events), CatalogJson.Default.ProductShard, shard.ETag),
            ];
            if (await TryCommitAsync(operations, attempt, ct))
            {
                return new UpdateResult.Saved(found.Product, events);
            }
        }
    }

    /// <summary>Takes events off the list of the unpublished. Safe to repeat.</summary>
    public async Task ForgetAsync(string productId, IReadOnlyCollection<string> eventIds, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var shard = await ShardOfAsync(productId, ct);
            if (!eventIds.Any(shard.Value.Unpublished.ContainsKey))
            {
                return;
            }

            var update = Upsert(ProductShard.KeyOf(productId), shard.Value.WithPublished(eventIds), CatalogJson.Default.ProductShard, shard.ETag);
            if (await TryCommitAsync([update], attempt, ct))
            {
                return;
            }
        }
    }

    private static string ProductKey(string id) => $"product:{id}";

    private static string IdempotencyKeyOf(string key) => $"idempotency:{Uri.EscapeDataString(key)}";

    private static Dictionary<string, ProductEvent> Named(IEnumerable<ProductEvent> events, DateTimeOffset now) =>
        events.ToDictionary(_ => $"evt_{Guid.CreateVersion7(now):N}");

    private static StateTransactionRequest Upsert<T>(string key, T value, JsonTypeInfo<T> type, string? etag) => new(
        key, JsonSerializer.SerializeToUtf8Bytes(value, type), StateOperationType.Upsert, etag, JsonContent, FirstWrite);

    private async Task<(ProductShard Value, string? ETag)> ShardOfAsync(string productId, CancellationToken ct)
    {
        var (shard, etag) = await dapr.GetStateAndETagAsync<ProductShard?>(_store, ProductShard.KeyOf(productId), cancellationToken: ct);
        return (shard ?? ProductShard.Empty, shard is null ? null : etag);
    }

    /// <summary>False: another writer was faster, so decide again on what it saved.</summary>
    private async Task<bool> TryCommitAsync(IReadOnlyList<StateTransactionRequest> operations, int attempt, CancellationToken ct)
    {
        try
        {
            await dapr.ExecuteStateTransactionAsync(_store, operations, cancellationToken: ct);
            return true;
        }
        catch (DaprException e) when (attempt < MaxAttempts && e.Message.Contains("etag", StringComparison.OrdinalIgnoreCase))
        {
            // The one place where the sidecar tells a conflict only by its text.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 5 * attempt)), TimeProvider.System, ct);
            return false;
        }
    }
}

/// <summary>How a change to a product ended.</summary>
internal abstract record UpdateResult
{
    public sealed record Saved(Product Product, IReadOnlyDictionary<string, ProductEvent> Events) : UpdateResult;

    public sealed record Missing : UpdateResult;

    public sealed record Stale : UpdateResult;

    public sealed record Refused(Refusal Reason) : UpdateResult;
}
