using System.Security.Cryptography;
using System.Text;
using DaprMesh.State;

namespace DaprMesh.Users;

/// <summary>The wrong codes that came from one client lately, so that nobody can try them all.</summary>
public sealed record CodeAttempts(string Client, IReadOnlyList<DateTimeOffset> Failures)
{
    public const int Limit = 10;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>The document's key: the client's name can be long or anything, its hash is neither.</summary>
    public static string KeyOf(string client) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(client)));

    public static CodeAttempts None(string client) => new(client, []);

    /// <summary>How long the client has to wait; zero when it may try.</summary>
    public TimeSpan Wait(DateTimeOffset now)
    {
        var recent = Recent(now);
        return recent.Count < Limit ? TimeSpan.Zero : recent[^Limit] + Window - now;
    }

    public Decision<CodeAttempts> Failed(DateTimeOffset now) => Decision.Change(this with { Failures = [.. Recent(now).TakeLast(Limit - 1), now] });

    private List<DateTimeOffset> Recent(DateTimeOffset now) => [.. Failures.Where(at => now - at < Window)];
}
