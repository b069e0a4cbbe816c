using System.Text.Json.Serialization;
using DaprMesh.Contracts;

namespace DaprMesh.State.Tests;

public sealed record OrderPlaced(string OrderId, string Owner) : IEvent;

public sealed record OrderMoved(string OrderId, string Status) : IEvent;

public sealed record OrderRemoved(string OrderId) : IEvent;

/// <summary>A document with two indexes, and an event for each change.</summary>
public sealed record Order(string Id, string Owner, string Status, int Count, DateTimeOffset At)
{
    public static Decision<Order> Place(string id, string owner, DateTimeOffset at) =>
        Decision.Change(new Order(id, owner, "placed", 0, at), new OrderPlaced(id, owner));

    public Decision<Order> Move(string status) =>
        status == Status ? Decision.Keep(this) : Decision.Change(this with { Status = status }, new OrderMoved(Id, status));

    public Decision<Order> Add() => Decision.Change(this with { Count = Count + 1 }, new OrderMoved(Id, Status));

    public Decision<Order> Remove() => Decision.Change(this, new OrderRemoved(Id));
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderMoved))]
[JsonSerializable(typeof(OrderRemoved))]
internal sealed partial class OrderJson : JsonSerializerContext;
