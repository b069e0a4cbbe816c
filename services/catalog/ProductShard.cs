namespace DaprMesh.Catalog;

/// <summary>
/// A part of the catalogue's index, kept in the state transaction of the product it lists: what a list shows of each product, and the events
/// that are committed but not yet known to be published. Products are spread over the shards by id, so that writers rarely meet.
/// </summary>
public sealed record ProductShard(IReadOnlyDictionary<string, ProductSummary> Products, IReadOnlyDictionary<string, ProductEvent> Unpublished)
{
    public const int Count = 16;

    public static ProductShard Empty { get; } = new(new Dictionary<string, ProductSummary>(), new Dictionary<string, ProductEvent>());

    public static string KeyOf(string productId) => Key(Hash(productId) % Count);

    public static string Key(int shard) => $"products:{shard}";

    public ProductShard With(Product product) => this with
    {
        Products = new Dictionary<string, ProductSummary>(Products) { [product.Id] = ProductSummary.Of(product) },
    };

    public ProductShard Without(string productId)
    {
        var products = new Dictionary<string, ProductSummary>(Products);
        products.Remove(productId);
        return this with { Products = products };
    }

    public ProductShard WithUnpublished(IEnumerable<KeyValuePair<string, ProductEvent>> events)
    {
        var unpublished = new Dictionary<string, ProductEvent>(Unpublished);
        foreach (var (id, happened) in events)
        {
            unpublished[id] = happened;
        }

        return this with { Unpublished = unpublished };
    }

    public ProductShard WithPublished(IEnumerable<string> eventIds)
    {
        var unpublished = new Dictionary<string, ProductEvent>(Unpublished);
        foreach (var id in eventIds)
        {
            unpublished.Remove(id);
        }

        return this with { Unpublished = unpublished };
    }

    /// <summary>FNV-1a: the same in every process and version, as shards outlive both.</summary>
    private static int Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
        {
            hash = unchecked((hash ^ c) * 16777619u);
        }

        return (int)(hash & int.MaxValue);
    }
}

/// <summary>What a list shows of a product, and what search looks at.</summary>
public sealed record ProductSummary(
    string Id, string Sku, string Name, string Description, string Category, Money Price, int Stock, DateTimeOffset CreatedAt)
{
    public static ProductSummary Of(Product product) => new(
        product.Id, product.Sku, product.Name, product.Description, product.Category, product.Price, product.Stock, product.CreatedAt);

    /// <summary>Every word of the search stands somewhere in name, SKU, category or description.</summary>
    public bool Matches(string[] words) => words.All(word =>
        Name.Contains(word, StringComparison.OrdinalIgnoreCase) || Sku.Contains(word, StringComparison.OrdinalIgnoreCase)
        || Category.Contains(word, StringComparison.OrdinalIgnoreCase) || Description.Contains(word, StringComparison.OrdinalIgnoreCase));
}
