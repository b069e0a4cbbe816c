using DaprMesh.Sidecar.Sqlite;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.PubSub.Log;

/// <summary>The log of one file, opened by the first component of the process that names it.</summary>
internal sealed class OpenedLog(SqliteFile file, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    private readonly Lazy<Task<LogBroker>> _broker = new(() => LogBroker.OpenAsync(file, clock, log));

    public Task<LogBroker> Broker => _broker.Value;

    public async ValueTask DisposeAsync()
    {
        if (_broker.IsValueCreated && _broker.Value.IsCompletedSuccessfully)
        {
            await (await _broker.Value).DisposeAsync();
        }
    }
}
