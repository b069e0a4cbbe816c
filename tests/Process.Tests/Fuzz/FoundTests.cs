using System.Text;

namespace DaprMesh.Processes.Tests.Fuzz;

/// <summary>What random requests have found, one by one.</summary>
public sealed class FoundTests
{
    [Fact]
    public async Task Half_a_surrogate_pair_broken_chunks_and_endless_durations_are_the_callers_fault()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var full = await FullSidecar.StartAsync(ct);
        (string Path, string Body, int Status)[] requests =
        [
            ("v1.0-alpha1/lock/locks", """{"resourceId":"\ud800","lockOwner":"me","expiryInSeconds":1}""", 400),
            ("v1.0-alpha1/unlock/locks", """{"\ud800":"a"}""", 400),
            ("v1.0-alpha1/jobs/one", """{"schedule":"\ud800"}""", 400),
            ("v1.0/actors/Cart/1/reminders/one", """{"dueTime":"1h","data":{"\ud800":1}}""", 204),
            ("v1.0/actors/Cart/1/timers/one", """{"dueTime":"1h","callback":"\ud800","data":"\ud800"}""", 204),
            ("v1.0/actors/Cart/1/timers/one", """{"dueTime":"9000000000000000000h"}""", 500),
            ("v1.0/bindings/files", """{"operation":"create","data":1,"metadata":{"\ud800":"a"}}""", 200),
        ];

        foreach (var (path, body, status) in requests)
        {
            using var content = new StringContent(body);
            using var answer = await full.Running.Api.PostAsync(path, content, ct);
            Assert.True(status == (int)answer.StatusCode, $"{path} {body} answered {answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}");
        }

        using var wire = new WireClient(full.Running.Port);
        var chunks = "POST /v1.0/state/store HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n";
        Assert.Equal(400, await wire.SendAsync(new WireRequest("POST", Encoding.ASCII.GetBytes(chunks), IsGarbage: false), ct));
        Assert.Empty(full.Unforeseen);
    }
}
