using System.Diagnostics.CodeAnalysis;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;
using Dapr.Actors.Serialization;

namespace Dapr.Actors;

/// <summary>The id of an actor within its type; two ids that differ only in case are equal.</summary>
[DataContract(Name = "ActorId")]
[JsonConverter(typeof(ActorIdJsonConverter))]
public class ActorId
{
    [DataMember(Name = "ActorId", Order = 0, IsRequired = true)]
    private readonly string _id;

    public ActorId(string id)
    {
        if (string.IsNullOrWhiteSpace(id))
            throw new ArgumentException("An actor id is neither empty nor white space.", nameof(id));
        _id = id;
    }

    public static bool operator ==(ActorId? id1, ActorId? id2) => id1 is null ? id2 is null : id1.Equals(id2);

    public static bool operator !=(ActorId? id1, ActorId? id2) => !(id1 == id2);

    public static ActorId CreateRandom() => new(Guid.NewGuid().ToString());

    [SuppressMessage("Design", "CA1024", Justification = "The published type has a method here.")]
    public string GetId() => _id;

    public int CompareTo(ActorId? other) =>
        other is null ? 1 : string.Compare(_id, other._id, StringComparison.OrdinalIgnoreCase);

    public bool Equals(ActorId? other) =>
        other is not null && string.Equals(_id, other._id, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => obj is not null && obj.GetType() == typeof(ActorId) && Equals((ActorId)obj);

    public override int GetHashCode() => string.GetHashCode(_id, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => _id;
}
