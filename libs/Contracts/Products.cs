namespace DaprMesh.Contracts;

public sealed record ProductCreated(string ProductId, long Version, string Name, Money Price, int Stock, DateTimeOffset At) : IEvent;

public sealed record ProductChanged(string ProductId, long Version, string Name, int Stock, DateTimeOffset At) : IEvent;

public sealed record ProductPriceChanged(string ProductId, long Version, Money From, Money To, DateTimeOffset At) : IEvent;

public sealed record ProductDeleted(string ProductId, long Version, DateTimeOffset At) : IEvent;
