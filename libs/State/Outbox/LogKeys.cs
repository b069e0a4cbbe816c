using System.Globalization;

namespace DaprMesh.State.Outbox;

/// <summary>The keys of the logs of events of one store.</summary>
internal sealed record LogKeys(string Prefix)
{
    /// <summary>The ids of all logs there are: where recovery starts, as a state store cannot list keys.</summary>
    public string Register => $"{Prefix}.outbox";

    public string Head(string log) => $"{Prefix}.outbox:{log}";

    public string Entry(string log, long number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}.outbox:{log}:{number}");
}
