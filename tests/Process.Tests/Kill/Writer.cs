using System.Net.Http.Json;
using System.Text.Json;

namespace DaprMesh.Processes.Tests.Kill;

/// <summary>Counts up in one key, and in three keys by transactions, and remembers what was acknowledged.</summary>
internal sealed class Writer(int number)
{
    private readonly string _single = $"single{number}";
    private readonly string[] _together = [$"a{number}", $"b{number}", $"c{number}"];
    private long _sent;
    private long _saved;
    private long _committed;

    public long Acknowledged { get; private set; }

    /// <summary>Writes until the sidecar is gone.</summary>
    public async Task RunAsync(HttpClient api, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var value = ++_sent;
                await PostAsync(api, "v1.0/state/store", new[] { new { key = _single, value } }, ct);
                _saved = value;
                await PostAsync(
                    api,
                    "v1.0/state/store/transaction",
                    new { operations = _together.Select(key => new { operation = "upsert", request = new { key, value } }) },
                    ct);
                _committed = value;
                Acknowledged += 2;
            }
        }
        catch (HttpRequestException)
        {
            // Killed: what was under way may have been written or not.
        }
    }

    /// <summary>Holds what is stored against what was acknowledged.</summary>
    public async Task CheckAsync(HttpClient api, CancellationToken ct)
    {
        using var answer = await api.PostAsJsonAsync("v1.0/state/store/bulk", new { keys = (string[])[_single, .. _together] }, ct);
        var items = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        var stored = items.EnumerateArray().ToDictionary(
            item => item.GetProperty("key").GetString() ?? "",
            item => item.TryGetProperty("data", out var data) ? data.GetInt64() : 0,
            StringComparer.Ordinal);

        Assert.InRange(stored[_single], _saved, _sent);
        Assert.InRange(stored[_together[0]], _committed, _sent);
        Assert.All(_together, key => Assert.Equal(stored[_together[0]], stored[key]));
    }

    private static async Task PostAsync<T>(HttpClient api, string path, T body, CancellationToken ct)
    {
        using var answer = await api.PostAsJsonAsync(path, body, ct);
        Assert.True((int)answer.StatusCode == 204, $"{path} answered {answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}");
    }
}
