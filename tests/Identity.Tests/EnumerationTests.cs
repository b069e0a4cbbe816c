using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace DaprMesh.Identity.Tests;

public sealed class EnumerationTests(IdentityMesh mesh)
{
    private const int Tries = 1000;
    private const int TriesEach = 4; // one more would lock the account, which is another answer's time

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Neither_the_text_nor_the_time_of_an_answer_tells_whether_an_account_exists()
    {
        var names = new List<string>();
        for (var index = 0; index < Tries / TriesEach; index++)
        {
            var name = IdentityMesh.NewName();
            using var registered = await mesh.SendAsync(HttpMethod.Post, "auth/register", null, new { username = name, email = $"{name}@example.com", password = IdentityMesh.Password });
            Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
            names.Add(name);
        }

        var known = new List<double>();
        var unknown = new List<double>();
        for (var turn = 0; turn < Tries; turn++)
        {
            // In turns, so that whatever else the machine does slows both the same.
            var (time, text) = await TryAsync(names[turn % names.Count]);
            var (otherTime, otherText) = await TryAsync(IdentityMesh.NewName());
            known.Add(time);
            unknown.Add(otherTime);
            Assert.Equal(text, otherText);
        }

        known.Sort();
        unknown.Sort();
        var difference = Math.Abs(At(known, 0.5) - At(unknown, 0.5));
        var noise = Math.Max(At(known, 0.75) - At(known, 0.25), At(unknown, 0.75) - At(unknown, 0.25));
        TestContext.Current.TestOutputHelper?.WriteLine($"medians {At(known, 0.5):0.000} and {At(unknown, 0.5):0.000} ms, quartiles {noise:0.000} ms apart");
        Assert.True(difference < noise / 3, $"The medians differ by {difference:0.000} ms, the middle half of the answers by {noise:0.000} ms.");
    }

    private static double At(List<double> sorted, double part) => sorted[(int)(part * (sorted.Count - 1))];

    private async Task<(double Milliseconds, string Text)> TryAsync(string name)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await mesh.SendAsync(HttpMethod.Post, "auth/login", null, new { username = name, password = "not the right password" });
        var text = await answer.Content.ReadAsStringAsync(Ct);
        var time = Stopwatch.GetElapsedTime(started).TotalMilliseconds;

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var problem = JsonNode.Parse(text)!.AsObject(); // an answer that is no JSON fails here
        problem.Remove("traceId");
        return (time, problem.ToJsonString());
    }
}
