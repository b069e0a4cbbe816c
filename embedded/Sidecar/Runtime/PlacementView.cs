using System.Collections.Frozen;

namespace DaprMesh.Sidecar.Runtime;

/// <summary>A sidecar that hosts actors.</summary>
/// <param name="Id">Of this run of the sidecar.</param>
/// <param name="Address">Host and port for other sidecars.</param>
/// <param name="Secret">What the internal port asks for.</param>
/// <param name="Ack">The version up to which the sidecar has let go of what others host.</param>
internal sealed record PlacementMember(
    string Id, string AppId, string Address, string Secret, IReadOnlyList<string> Types, ProcessIdentity Process, long Ack);

/// <summary>Who hosts which actor types, at one version.</summary>
internal sealed class PlacementView
{
    public static readonly PlacementView Empty = new(0, []);

    private readonly FrozenDictionary<string, Host[]> _hosts;

    public PlacementView(long version, IReadOnlyList<PlacementMember> members)
    {
        Version = version;
        Members = members;
        _hosts = members.SelectMany(member => member.Types, (member, type) => (type, host: new Host(member, Hash(member.Id))))
            .GroupBy(pair => pair.type, pair => pair.host, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.OrderBy(host => host.Member.Id, StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
    }

    public long Version { get; }

    public IReadOnlyList<PlacementMember> Members { get; }

    /// <summary>Every member has let go of what this version gives to others: turns may begin.</summary>
    public bool IsAgreed => Members.All(member => member.Ack >= Version);

    public PlacementMember? Find(string memberId) => Members.FirstOrDefault(member => member.Id == memberId);

    /// <summary>The one host of an actor (rendezvous hashing: a host that comes or goes moves only its own share); null when no one hosts the type.</summary>
    public PlacementMember? Owner(string type, string id)
    {
        if (!_hosts.TryGetValue(type, out var hosts))
        {
            return null;
        }

        if (hosts.Length == 1)
        {
            return hosts[0].Member;
        }

        var key = (Hash(type) * 31) ^ Hash(id);
        var best = hosts[0];
        var bestScore = 0UL;
        foreach (var host in hosts)
        {
            var score = Mix(key ^ host.Hash);
            if (score > bestScore)
            {
                (best, bestScore) = (host, score);
            }
        }

        return best.Member;
    }

    /// <summary>True when both views have the same hosts for the type, so that no actor of it moves between them.</summary>
    public bool HasSameHosts(PlacementView other, string type) =>
        Ids(type).SequenceEqual(other.Ids(type), StringComparer.Ordinal);

    private IEnumerable<string> Ids(string type) => _hosts.TryGetValue(type, out var hosts) ? hosts.Select(host => host.Member.Id) : [];

    /// <summary>FNV-1a: the same in every process, unlike string hash codes.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return Mix(hash);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    private sealed record Host(PlacementMember Member, ulong Hash);
}
