using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.Tests.Resiliency;

public sealed class RetryTests
{
    private static readonly InvalidOperationException Boom = new("boom");

    [Fact]
    public async Task A_constant_policy_waits_its_duration_before_each_retry()
    {
        using var resiliency = App("{ policy: constant, duration: 100ms, maxRetries: 3 }");

        var run = resiliency.RunAsync(resiliency.Policies.App("orders", "a"), Boom);
        for (var retry = 0; retry < 3; retry++)
        {
            Assert.Equal(TimeSpan.FromMilliseconds(100), await resiliency.Clock.PassNextWaitAsync());
        }

        Assert.Same(Boom, await Assert.ThrowsAsync<InvalidOperationException>(() => run));
        Assert.Equal(4, resiliency.Attempts);
    }

    [Fact]
    public async Task A_success_ends_the_retries_and_is_logged()
    {
        using var resiliency = App("{ policy: constant, duration: 1s }");

        var run = resiliency.RunAsync(resiliency.Policies.App("orders", "a"), Boom, Boom, null);
        await resiliency.Clock.PassNextWaitAsync();
        await resiliency.Clock.PassNextWaitAsync();

        Assert.Equal("done", await run);
        Assert.Contains("Warning: Error processing operation endpoint[orders, orders:a]. Retrying in 1s…", resiliency.Logged);
        Assert.Contains("Information: Recovered processing operation endpoint[orders, orders:a] after 3 attempts", resiliency.Logged);
    }

    [Fact]
    public async Task An_exponential_policy_grows_by_half_with_jitter_and_gives_up_after_a_quarter_of_an_hour()
    {
        using var resiliency = App("{ policy: exponential, maxInterval: 20s }");
        var started = resiliency.Clock.GetUtcNow();

        var run = resiliency.RunAsync(resiliency.Policies.App("orders", "a"), Boom);
        var expected = TimeSpan.FromMilliseconds(500);
        while (!run.IsCompleted)
        {
            var next = resiliency.Clock.PassNextWaitAsync();
            if (await Task.WhenAny(run, next) == run)
                break;

            Assert.InRange(await next, expected * 0.5, expected * 1.5);
            expected = expected * 1.5 < TimeSpan.FromSeconds(20) ? expected * 1.5 : TimeSpan.FromSeconds(20);
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => run);
        Assert.InRange(resiliency.Clock.GetUtcNow() - started, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
    }

    [Fact]
    public async Task No_retries_means_one_attempt()
    {
        using var resiliency = App("{ duration: 1s, maxRetries: 0 }");
        var policy = resiliency.Policies.App("orders", "a");

        await Assert.ThrowsAsync<InvalidOperationException>(() => resiliency.RunAsync(policy, Boom));

        Assert.Equal(1, resiliency.Attempts);
        Assert.False(policy.Retries);
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(503, true)]
    [InlineData(500, false)]
    [InlineData(14, true)]
    [InlineData(2, false)]
    public async Task Only_the_named_statuses_are_tried_again(int status, bool retried)
    {
        using var resiliency = App("{ duration: 1s, maxRetries: 1, matching: { httpStatusCodes: \"429,502-504\", gRPCStatusCodes: \"14\" } }");

        var run = resiliency.RunAsync(resiliency.Policies.App("orders", "a"), new StatusException(status, "no"), null);
        if (retried)
        {
            await resiliency.Clock.PassNextWaitAsync();
            await run;
        }

        Assert.Equal(!retried, run.IsFaulted);
    }

    [Fact]
    public async Task A_permanent_failure_is_not_tried_again()
    {
        using var resiliency = App("{ duration: 1s }");

        await Assert.ThrowsAsync<PermanentException>(() => resiliency.RunAsync(resiliency.Policies.App("orders", "a"), new PermanentException(Boom)));

        Assert.Equal(1, resiliency.Attempts);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_ends_the_retries()
    {
        using var resiliency = App("{ duration: 1h }");
        using var stop = new CancellationTokenSource();

        var run = resiliency.Policies.App("orders", "a").RunAsync<string>(_ => throw Boom, stop.Token).AsTask();
        await resiliency.Clock.NextWaitAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    private static ResiliencyFixture App(string retry) => new($"{{ retries: {{ r: {retry} }} }}", "{ apps: { orders: { retry: r } } }");
}
