using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using DaprMesh.Auth;
using DaprMesh.Auth.Passwords;
using DaprMesh.Benchmarks.Calibration;
using DaprMesh.Benchmarks.Load;
using DaprMesh.Benchmarks.Mesh;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace DaprMesh.Benchmarks.Measures;

/// <summary>The service auth: logins, what they do to other requests, and tokens validated for another service.</summary>
internal static class Identity
{
    private const string AppToken = "benchmark";
    private const string Password = "correct horse battery";
    private static readonly TimeSpan Probe = TimeSpan.FromMilliseconds(10);

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string folder, Ceilings ceilings, CancellationToken ct)
    {
        await using var mesh = BenchMesh.Create(folder);
        var (port, _) = await mesh.StartAsync(
            "auth", typeof(AuthOptions).Assembly,
            new Dictionary<string, string> { ["Auth__DataPath"] = folder, ["Auth__SecretStore"] = "", ["APP_API_TOKEN"] = AppToken }, ct);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        using (var made = await client.PostAsJsonAsync("auth/register", new { username = "bench", password = Password }, ct))
        {
            made.EnsureSuccessStatusCode();
        }

        using var login = await client.PostAsJsonAsync("auth/login", new { username = "bench", password = Password }, ct);
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("accessToken").GetString();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);

        var hashes = await HashesPerSecondAsync(TimeSpan.FromSeconds(3));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var others = ProbeAsync(client, end.Token);
        var logins = await LoadProcess.RunAsync(
            new LoadPlan(port, "POST", "/auth/login", $$"""{"username":"bench","password":"{{Password}}"}""") { Connections = 16, Keys = 1, Seconds = 8 }, ct);
        await end.CancelAsync();
        var latencies = await others;

        // Before and after: a ceiling that a busy moment has lowered would flatter what is below it.
        hashes = Math.Max(hashes, await HashesPerSecondAsync(TimeSpan.FromSeconds(3)));

        var validations = await LoadProcess.RunAsync(
            new LoadPlan(port, "POST", "/auth/validate", $$"""{"token":"{{token}}"}""")
            {
                Keys = 1,
                Headers = $"dapr-api-token: {AppToken}\r\ndapr-caller-app-id: crm\r\n",
            },
            ct);
        return
        [
            Figure.AtLeast("logins by password", logins.PerSecond / hashes, 0.9,
                $"{logins.PerSecond:0.0}/s of {hashes:0.0}/s at {new AuthOptions().PasswordIterations} rounds"),
            Figure.AtMost("other requests during logins, p99", Percentiles.Of(latencies, 0.99), 50, "ms",
                Figure.Milliseconds(Percentiles.Of(latencies, 0.5), Percentiles.Of(latencies, 0.99))),
            Figure.AtLeast("a token validated for another service", validations.PerSecond / ceilings.Kestrel, 0.31,
                $"{Figure.PerSecond(validations.PerSecond)}, {Figure.Milliseconds(validations.P50, validations.P99)}"),
        ];
    }

    /// <summary>What the hashes alone allow, on threads that give way as those of the service do.</summary>
    private static async Task<double> HashesPerSecondAsync(TimeSpan time)
    {
        var hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = new AuthOptions().PasswordIterations }));
        var hash = hasher.HashPassword(time, Password);
        var count = 0;
        var done = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Environment.ProcessorCount; i++)
        {
            var ended = new TaskCompletionSource();
            done.Add(ended.Task);
            new Thread(() =>
            {
                ThreadPriorityOfSystem.GiveWay();
                while (Stopwatch.GetElapsedTime(started) < time)
                {
                    hasher.VerifyHashedPassword(time, hash, Password);
                    Interlocked.Increment(ref count);
                }

                ended.SetResult();
            }) { IsBackground = true }.Start();
        }

        await Task.WhenAll(done);
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>A hundred ordinary requests a second; their latencies in microseconds, sorted.</summary>
    private static async Task<List<int>> ProbeAsync(HttpClient client, CancellationToken ct)
    {
        var path = new Uri("api/v1/auth/check-permission", UriKind.Relative);
        var latencies = new List<int>();
        using var timer = new PeriodicTimer(Probe, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                var sent = Stopwatch.GetTimestamp();
                using var answer = await client.PostAsJsonAsync(path, new { permission = "audit.read" }, ct);
                answer.EnsureSuccessStatusCode();
                latencies.Add((int)Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
            }
        }
        catch (OperationCanceledException)
        {
            // The logins have ended.
        }

        latencies.Sort();
        return latencies;
    }
}
