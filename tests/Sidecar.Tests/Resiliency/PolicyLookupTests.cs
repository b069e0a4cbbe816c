using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.Tests.Resiliency;

public sealed class PolicyLookupTests
{
    private static readonly InvalidOperationException Boom = new("boom");

    [Fact]
    public void Without_policies_there_is_nothing_to_run()
    {
        using var resiliency = new ResiliencyFixture("{}");

        Assert.True(resiliency.Policies.App("orders", "a").IsNone);
        Assert.True(resiliency.Policies.ActorBeforeLock("Cart", "1").IsNone);
        Assert.True(resiliency.Policies.ActorAfterLock("Cart", "1").IsNone);
        Assert.True(resiliency.Policies.Outbound("store", ComponentKind.Statestore).IsNone);
        Assert.True(resiliency.Policies.Inbound("bus", ComponentKind.Pubsub).IsNone);
    }

    [Fact]
    public async Task The_most_special_default_applies_to_a_target_without_policies_of_its_own()
    {
        using var resiliency = new ResiliencyFixture(
            """
            { retries: {
                DefaultRetryPolicy: { duration: 1s }, DefaultComponentRetryPolicy: { duration: 2s },
                DefaultComponentInboundRetryPolicy: { duration: 3s }, DefaultPubsubComponentInboundRetryPolicy: { duration: 4s },
                DefaultActorRetryPolicy: { duration: 5s }, own: { duration: 6s } } }
            """.ReplaceLineEndings(" "),
            "{ components: { special: { outbound: { retry: own } } } }");
        var policies = resiliency.Policies;

        Assert.Equal(4, await WaitAsync(resiliency, policies.Inbound("bus", ComponentKind.Pubsub)));
        Assert.Equal(3, await WaitAsync(resiliency, policies.Inbound("cron", ComponentKind.Binding)));
        Assert.Equal(2, await WaitAsync(resiliency, policies.Outbound("bus", ComponentKind.Pubsub)));
        Assert.Equal(1, await WaitAsync(resiliency, policies.App("orders", "a")));
        Assert.Equal(5, await WaitAsync(resiliency, policies.ActorBeforeLock("Cart", "1")));
        Assert.Equal(6, await WaitAsync(resiliency, policies.Outbound("special", ComponentKind.Statestore)));
        Assert.True(policies.Inbound("special", ComponentKind.Statestore).IsNone);
        Assert.False(policies.HasAppPolicy("orders"));
    }

    [Fact]
    public void An_actors_timeout_counts_from_when_it_has_its_turn()
    {
        using var resiliency = new ResiliencyFixture("{ timeouts: { t: 1s }, retries: { r: { duration: 1s } } }", "{ actors: { Cart: { timeout: t, retry: r }, Other: { retry: r } } }");

        Assert.True(resiliency.Policies.ActorBeforeLock("Cart", "1").Retries);
        Assert.False(resiliency.Policies.ActorAfterLock("Cart", "1").IsNone);
        Assert.False(resiliency.Policies.ActorAfterLock("Cart", "1").Retries);
        Assert.True(resiliency.Policies.ActorAfterLock("Other", "1").IsNone);
        Assert.True(resiliency.Policies.HasActorPolicy("Cart"));
    }

    [Fact]
    public async Task Built_in_retries_can_be_overridden_but_not_below_three()
    {
        using var resiliency = new ResiliencyFixture(
            "{ retries: { DaprBuiltInServiceRetries: { duration: 7s, maxRetries: 1 }, DaprBuiltInActorNotFoundRetries: { duration: 9s } } }");

        Assert.Equal(7, await WaitAsync(resiliency, resiliency.Policies.BuiltIn("DaprBuiltInServiceRetries"), retries: 3));
        Assert.Equal(1, await WaitAsync(resiliency, resiliency.Policies.BuiltIn("DaprBuiltInActorRetries"), retries: 3));
        Assert.Equal(1, await WaitAsync(resiliency, resiliency.Policies.BuiltIn("DaprBuiltInActorNotFoundRetries"), retries: 5));
        Assert.Contains(resiliency.Logged, line => line.Contains("resetting to 3", StringComparison.Ordinal));
        Assert.Contains(resiliency.Logged, line => line.Contains("protected policy DaprBuiltInActorNotFoundRetries", StringComparison.Ordinal));
    }

    [Fact]
    public void A_target_that_names_a_missing_policy_is_warned_about()
    {
        using var resiliency = new ResiliencyFixture("{}", "{ apps: { orders: { retry: absent } } }");

        Assert.True(resiliency.Policies.App("orders", "a").IsNone);
        Assert.True(resiliency.Policies.HasAppPolicy("orders"));
        Assert.Contains(resiliency.Logged, line => line.Contains("app orders refers to the retry policy absent", StringComparison.Ordinal));
    }

    /// <summary>Seconds of the constant wait of a policy, checked over so many retries.</summary>
    private static async Task<double> WaitAsync(ResiliencyFixture resiliency, Policy policy, int retries = 1)
    {
        var run = resiliency.RunAsync(policy, [.. Enumerable.Repeat(Boom, retries), null]);
        var wait = TimeSpan.Zero;
        for (var retry = 0; retry < retries; retry++)
        {
            wait = await resiliency.Clock.PassNextWaitAsync();
        }

        await run;
        return wait.TotalSeconds;
    }
}
