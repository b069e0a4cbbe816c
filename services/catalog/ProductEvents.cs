using System.Text.Json.Serialization;

namespace DaprMesh.Catalog;

/// <summary>What happened to a product. The topic is the type's name in kebab case.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ProductCreated), "product-created")]
[JsonDerivedType(typeof(ProductChanged), "product-changed")]
[JsonDerivedType(typeof(ProductPriceChanged), "product-price-changed")]
[JsonDerivedType(typeof(ProductDeleted), "product-deleted")]
public abstract record ProductEvent(string ProductId, long Version, DateTimeOffset At)
{
    [JsonIgnore]
    public string Topic => this switch
    {
        ProductCreated => "product-created",
        ProductChanged => "product-changed",
        ProductPriceChanged => "product-price-changed",
        _ => "product-deleted",
    };
}

public sealed record ProductCreated(string ProductId, long Version, string Name, Money Price, int Stock, DateTimeOffset At)
    : ProductEvent(ProductId, Version, At);

public sealed record ProductChanged(string ProductId, long Version, string Name, int Stock, DateTimeOffset At)
    : ProductEvent(ProductId, Version, At);

public sealed record ProductPriceChanged(string ProductId, long Version, Money From, Money To, DateTimeOffset At)
    : ProductEvent(ProductId, Version, At);

public sealed record ProductDeleted(string ProductId, long Version, DateTimeOffset At)
    : ProductEvent(ProductId, Version, At);
