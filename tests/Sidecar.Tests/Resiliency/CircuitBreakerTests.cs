using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.Tests.Resiliency;

public sealed class CircuitBreakerTests
{
    private static readonly InvalidOperationException Boom = new("boom");

    [Fact]
    public async Task It_opens_lets_one_try_after_its_timeout_and_closes_on_success()
    {
        using var resiliency = App("{ timeout: 2s, trip: consecutiveFailures >= 2 }");
        await FailAsync(resiliency, "a", times: 2);

        var error = await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(resiliency, "a", null));
        Assert.Equal("circuit breaker is open", error.Message);
        Assert.Equal("done", await CallAsync(resiliency, "b", null));

        resiliency.Clock.Advance(TimeSpan.FromSeconds(2));
        await FailAsync(resiliency, "a", times: 1);
        await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(resiliency, "a", null));

        resiliency.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("done", await CallAsync(resiliency, "a", null));
        Assert.Equal("done", await CallAsync(resiliency, "a", null));
        Assert.Equal(
            ["closed to open", "open to half-open", "half-open to open", "open to half-open", "half-open to closed"],
            resiliency.Logged.Where(line => line.Contains("changed state", StringComparison.Ordinal)).Select(line => line[(line.IndexOf("from ", StringComparison.Ordinal) + 5)..]));
    }

    [Fact]
    public async Task Half_open_it_lets_only_so_many_try_at_once()
    {
        using var resiliency = App("{ timeout: 2s, trip: consecutiveFailures >= 1 }");
        await FailAsync(resiliency, "a", times: 1);
        resiliency.Clock.Advance(TimeSpan.FromSeconds(2));
        var answer = new TaskCompletionSource<string>();

        var trying = resiliency.Policies.App("orders", "a").RunAsync(_ => new ValueTask<string>(answer.Task), TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(resiliency, "a", null));
        Assert.Equal("too many requests", error.Message);
        answer.SetResult("done");
        await trying;
        Assert.Equal("done", await CallAsync(resiliency, "a", null));
    }

    [Fact]
    public async Task By_default_the_sixth_failure_in_a_row_opens_it_for_a_minute()
    {
        using var resiliency = App("{}");
        await FailAsync(resiliency, "a", times: 5);
        await CallAsync(resiliency, "a", null);
        await FailAsync(resiliency, "a", times: 6);

        await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(resiliency, "a", null));
        resiliency.Clock.Advance(TimeSpan.FromSeconds(59));
        await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(resiliency, "a", null));
        resiliency.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("done", await CallAsync(resiliency, "a", null));
    }

    [Fact]
    public async Task Its_interval_clears_the_counts()
    {
        using var resiliency = App("{ interval: 10s, trip: totalFailures > 1 && requests >= 2 }");
        await FailAsync(resiliency, "a", times: 1);
        resiliency.Clock.Advance(TimeSpan.FromSeconds(10));
        await FailAsync(resiliency, "a", times: 1);

        Assert.Equal("done", await CallAsync(resiliency, "a", null));
        await FailAsync(resiliency, "a", times: 1);
        await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(resiliency, "a", null));
    }

    [Fact]
    public async Task An_open_breaker_ends_the_retries()
    {
        using var resiliency = new ResiliencyFixture(
            "{ retries: { r: { duration: 1s } }, circuitBreakers: { trip: { trip: consecutiveFailures >= 2 } } }",
            "{ apps: { orders: { retry: r, circuitBreaker: trip } } }");

        var run = CallAsync(resiliency, "a", Boom);
        await resiliency.Clock.PassNextWaitAsync();
        await resiliency.Clock.PassNextWaitAsync();

        await Assert.ThrowsAsync<CircuitOpenException>(() => run);
        Assert.Equal(2, resiliency.Attempts);
    }

    [Fact]
    public async Task The_breaker_that_was_not_used_for_longest_is_forgotten()
    {
        using var resiliency = new ResiliencyFixture(
            "{ circuitBreakers: { trip: { trip: consecutiveFailures >= 1 } } }",
            "{ apps: { orders: { circuitBreaker: trip, circuitBreakerCacheSize: 2 } } }");
        await FailAsync(resiliency, "a", times: 1);
        await FailAsync(resiliency, "b", times: 1);
        await FailAsync(resiliency, "c", times: 1);

        Assert.Equal("done", await CallAsync(resiliency, "a", null));
        await Assert.ThrowsAsync<CircuitOpenException>(() => CallAsync(resiliency, "c", null));
    }

    [Theory]
    [InlineData("type", true)]
    [InlineData("id", false)]
    [InlineData("both", false)]
    public async Task Actors_share_a_breaker_by_its_scope(string scope, bool shared)
    {
        using var resiliency = new ResiliencyFixture(
            "{ circuitBreakers: { trip: { trip: consecutiveFailures >= 1 } } }",
            $"{{ actors: {{ Cart: {{ circuitBreaker: trip, circuitBreakerScope: {scope} }} }} }}");
        await Assert.ThrowsAsync<InvalidOperationException>(() => resiliency.RunAsync(resiliency.Policies.ActorBeforeLock("Cart", "1"), Boom));

        var other = resiliency.RunAsync(resiliency.Policies.ActorBeforeLock("Cart", "2"), [null]);

        Assert.Equal(shared, (await Record.ExceptionAsync(() => other)) is CircuitOpenException);
    }

    [Fact]
    public void A_condition_that_is_no_expression_leaves_the_resource_out()
    {
        using var resiliency = App("{ trip: \"consecutiveFailures >=\" }");

        Assert.True(resiliency.Policies.App("orders", "a").IsNone);
        Assert.Contains(resiliency.Logged, line => line.StartsWith("Error: Could not read resiliency policy shop", StringComparison.Ordinal));
    }

    private static Task<string> CallAsync(ResiliencyFixture resiliency, string method, Exception? failure) =>
        resiliency.RunAsync(resiliency.Policies.App("orders", method), failure);

    private static async Task FailAsync(ResiliencyFixture resiliency, string method, int times)
    {
        for (var time = 0; time < times; time++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => CallAsync(resiliency, method, Boom));
        }
    }

    private static ResiliencyFixture App(string breaker) =>
        new($"{{ circuitBreakers: {{ trip: {breaker} }} }}", "{ apps: { orders: { circuitBreaker: trip } } }");
}
