using System.Collections.Concurrent;
using System.Diagnostics;

namespace DaprMesh.Processes.Tests.Fuzz;

public sealed class FuzzTests
{
    private const int Requests = 100_000;
    private const int Senders = 32;

    [Fact]
    public async Task A_hundred_thousand_random_requests_leave_the_sidecar_answering()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var full = await FullSidecar.StartAsync(ct);
        var sidecar = full.Running;
        var answers = new ConcurrentDictionary<int, int>();
        var silent = new ConcurrentQueue<string>();
        await SendAsync(0, Requests / 2);
        var halfway = Memory(sidecar);
        await SendAsync(1, Requests / 2);
        var after = Memory(sidecar);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{string.Join(", ", answers.OrderBy(answer => answer.Key).Select(answer => $"{answer.Value} x {answer.Key}"))}; {halfway >> 20} MiB, then {after >> 20} MiB");

        Assert.True(full.Unforeseen.Count == 0, string.Join('\n', full.Unforeseen.Distinct().Take(60)));
        Assert.True(sidecar.Process.ExitCode is null, sidecar.Said());
        Assert.True(silent.IsEmpty, $"{silent.Count} requests were not answered:\n{string.Join('\n', silent.Take(20))}");
        Assert.InRange(answers.Values.Sum(), Requests * 0.97, Requests);
        Assert.InRange(after, 0, 500 << 20);
        Assert.True(after - halfway < 100 << 20, $"{halfway >> 20} MiB became {after >> 20} MiB");
        using var healthy = await sidecar.Api.GetAsync("v1.0/healthz", ct);
        Assert.Equal(204, (int)healthy.StatusCode);

        Task SendAsync(int part, int count) => Task.WhenAll(Enumerable.Range(0, Senders).Select(async sender =>
        {
            using var client = new WireClient(sidecar.Port);
            var requests = new RandomRequests((part * Senders) + sender + 1);
            for (var at = 0; at < count / Senders; at++)
            {
                var request = requests.Next();
                if (await client.SendAsync(request, ct) is { } status)
                    answers.AddOrUpdate(status, 1, (_, seen) => seen + 1);
                else if (!request.IsGarbage)
                    silent.Enqueue(request.Line);
            }
        }));
    }

    private static long Memory(RunningSidecar sidecar)
    {
        using var process = Process.GetProcessById(sidecar.Process.Id);
        return process.WorkingSet64;
    }
}
