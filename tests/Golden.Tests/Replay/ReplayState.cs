using DaprMesh.Golden.Tests.Comparison;
using DaprMesh.Programs;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>Everything that lives as long as the replay of one scenario.</summary>
internal sealed class ReplayState(string folder, Placeholders placeholders, string stateDatabase) : IAsyncDisposable
{
    public string Folder => folder;

    public Placeholders Placeholders => placeholders;

    /// <summary>The database of the scenario's first SQLite state store.</summary>
    public string StateDatabase => stateDatabase;

    /// <summary>The database of the components that stand in for servers.</summary>
    public string EmbeddedDatabase => Path.Combine(folder, "embedded.db");

    public CallLog Calls { get; } = new();

    public Gates Gates { get; } = new();

    public Dictionary<string, RecordedApp> Apps { get; } = [];

    public Dictionary<string, ISidecar> Sidecars { get; } = [];

    /// <summary>The ETags that were answered, in order.</summary>
    public List<string> ETags { get; } = [];

    public MailServer? Mails { get; set; }

    public RequestSender Sender { get; } = new();

    public async ValueTask DisposeAsync()
    {
        foreach (var sidecar in Sidecars.Values)
            await sidecar.DisposeAsync();
        foreach (var app in Apps.Values)
            await app.DisposeAsync();
        if (Mails is not null)
            await Mails.DisposeAsync();
        Sender.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>What is known at the end of one step.</summary>
internal sealed record StepMoment(long Start, IReadOnlyList<AppCall> Calls)
{
    /// <summary>The sidecar that the step acted on.</summary>
    public ISidecar? Sidecar { get; init; }

    public bool? IsHealthy { get; init; }

    /// <summary>Whether the step's request has its answer by now.</summary>
    public bool IsAnswered { get; init; }

    public string? Metrics { get; init; }
}
