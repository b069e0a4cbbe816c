namespace DaprMesh.Sidecar.Tests.Resiliency;

public sealed class TimeoutTests
{
    private const string Timeouts = "{ timeouts: { short: 500ms }, retries: { once: { duration: 100ms, maxRetries: 1 } } }";

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_cancelled()
    {
        using var resiliency = new ResiliencyFixture(Timeouts, "{ apps: { orders: { timeout: short } } }");
        var cancelled = new TaskCompletionSource();

        var run = resiliency.Policies.App("orders", "a").RunAsync<string>(
            async ct =>
            {
                ct.Register(cancelled.SetResult);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
                return "late";
            },
            TestContext.Current.CancellationToken).AsTask();
        Assert.Equal(TimeSpan.FromMilliseconds(500), await resiliency.Clock.PassNextWaitAsync());

        var error = await Assert.ThrowsAsync<TimeoutException>(() => run);
        Assert.Equal("context deadline exceeded", error.Message);
        await cancelled.Task;
    }

    [Fact]
    public async Task The_caller_does_not_wait_for_an_attempt_that_goes_on_and_its_late_result_is_disposed()
    {
        using var resiliency = new ResiliencyFixture(Timeouts, "{ apps: { orders: { timeout: short } } }");
        var answer = new TaskCompletionSource<Stream>();

        var run = resiliency.Policies.App("orders", "a")
            .RunAsync(_ => new ValueTask<Stream>(answer.Task), TestContext.Current.CancellationToken).AsTask();
        await resiliency.Clock.PassNextWaitAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => run);
        var late = new MemoryStream();
        answer.SetResult(late);

        Assert.False(late.CanRead);
    }

    [Fact]
    public async Task Each_attempt_has_the_whole_timeout()
    {
        using var resiliency = new ResiliencyFixture(Timeouts, "{ apps: { orders: { timeout: short, retry: once } } }");
        var attempts = 0;

        var run = resiliency.Policies.App("orders", "a").RunAsync(
            async ct =>
            {
                if (attempts++ == 0)
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);

                return "done";
            },
            TestContext.Current.CancellationToken).AsTask();
        Assert.Equal(TimeSpan.FromMilliseconds(500), await resiliency.Clock.PassNextWaitAsync());
        Assert.Equal(TimeSpan.FromMilliseconds(100), await resiliency.Clock.PassNextWaitAsync());

        Assert.Equal("done", await run);
    }
}
