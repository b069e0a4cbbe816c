using DaprMesh.Sidecar.PubSub;
using DaprMesh.Sidecar.PubSub.Log;
using DaprMesh.Sidecar.Tests.Resiliency;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprMesh.Sidecar.Tests.PubSub;

public sealed class DurableLogTests
{
    [Fact]
    public async Task Every_consumer_of_a_topic_gets_every_message()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();
        var (mail, toMail) = await log.SubscribeAsync("mail", "orders");
        var (crm, toCrm) = await log.SubscribeAsync("crm", "orders");

        await log.PublishAsync("orders", "1");
        await log.PublishAsync("orders", "2");

        Assert.Equal(["1", "2"], await LogFixture.TakeAsync(toMail, 2));
        Assert.Equal(["1", "2"], await LogFixture.TakeAsync(toCrm, 2));
        await mail.DisposeAsync();
        await crm.DisposeAsync();
    }

    [Fact]
    public async Task Replicas_of_one_consumer_share_its_messages()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();
        var (one, toOne) = await log.SubscribeAsync("mail", "orders");
        var (two, toTwo) = await log.SubscribeAsync("mail", "orders");

        var sent = Enumerable.Range(0, 50).Select(i => $"{i}").ToArray();
        await log.PublishAsync("orders", sent);

        var ct = TestContext.Current.CancellationToken;
        var received = new List<string>();
        while (received.Count < sent.Length)
        {
            var next = await Task.WhenAny(toOne.WaitToReadAsync(ct).AsTask(), toTwo.WaitToReadAsync(ct).AsTask());
            Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30), ct));
            while (toOne.TryRead(out var text) || toTwo.TryRead(out text))
            {
                received.Add(text);
            }
        }

        Assert.Equal(sent.Order(), received.Order());
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    [Fact]
    public async Task A_subscriber_that_blocks_its_thread_holds_up_no_other_message()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();
        using var second = new ManualResetEventSlim();
        var first = new TaskCompletionSource<bool>();
        var ct = TestContext.Current.CancellationToken;
        var subscription = await LogSubscription.StartAsync(
            log.Broker, "mail", "orders", LogFixture.Defaults with { IsOrdered = false },
            queue => new SingleConsumer(
                queue,
                (message, _) =>
                {
                    if (message.Data.Span.SequenceEqual("1"u8))
                    {
                        first.SetResult(second.Wait(TimeSpan.FromSeconds(30), ct));
                    }
                    else
                    {
                        second.Set();
                    }

                    return ValueTask.FromResult(DeliveryOutcome.Done);
                },
                NullLogger.Instance),
            TimeProvider.System, NullLogger.Instance);

        await log.PublishAsync("orders", "1", "2");

        Assert.True(await first.Task.WaitAsync(ct));
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task A_consumer_that_was_away_gets_what_was_published_meanwhile()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();
        var (first, toFirst) = await log.SubscribeAsync("mail", "orders");
        await log.PublishAsync("orders", "before");
        await LogFixture.TakeAsync(toFirst, 1);
        await first.DisposeAsync();

        await log.PublishAsync("orders", "meanwhile");
        var (again, toAgain) = await log.SubscribeAsync("mail", "orders");

        Assert.Equal(["meanwhile"], await LogFixture.TakeAsync(toAgain, 1));
        await again.DisposeAsync();
    }

    [Fact]
    public async Task Progress_that_is_written_passes_over_no_message_of_another_process()
    {
        var clock = new ManualClock();
        await using var log = new LogFixture();
        await log.OpenAsync(clock);
        var (mail, toMail) = await log.SubscribeAsync("mail", "orders");
        await using var other = new LogFixture(log.Path);
        await other.OpenAsync();
        await other.PublishAsync("orders", "1");

        // The look for new messages is not due yet, the writing of the progress is.
        log.Broker.Queues.Single().Tend();
        clock.Advance(TimeSpan.FromMilliseconds(5));

        Assert.Equal(["1"], await LogFixture.TakeAsync(toMail, 1));
        await mail.DisposeAsync();
    }

    [Fact]
    public async Task What_was_not_handled_comes_again_after_a_restart()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();
        var (before, seen) = await log.SubscribeAsync("mail", "orders", handle: text => text == "1" ? DeliveryOutcome.Done : DeliveryOutcome.Kept);
        await log.PublishAsync("orders", "1");
        await log.PublishAsync("orders", "2");
        await LogFixture.TakeAsync(seen, 2);
        await before.DisposeAsync();
        await log.CloseAsync();

        await log.OpenAsync();
        var (after, again) = await log.SubscribeAsync("mail", "orders");

        Assert.Equal(["2"], await LogFixture.TakeAsync(again, 1));
        await after.DisposeAsync();
    }

    [Fact]
    public async Task Messages_that_were_published_one_after_another_are_delivered_one_after_another()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();
        var (subscription, received) = await log.SubscribeAsync("mail", "orders");

        var sent = Enumerable.Range(0, 100).Select(i => $"{i}").ToArray();
        foreach (var text in sent)
        {
            await log.PublishAsync("orders", text);
        }

        Assert.Equal(sent, await LogFixture.TakeAsync(received, sent.Length));
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task A_subscriber_that_starts_late_reads_a_long_backlog_in_order()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();
        var (early, _) = await log.SubscribeAsync("mail", "orders");
        await early.DisposeAsync();
        var sent = Enumerable.Range(0, 3000).Select(i => $"{i}").ToArray();
        foreach (var chunk in sent.Chunk(500))
        {
            await log.PublishAsync("orders", chunk);
        }

        var (late, received) = await log.SubscribeAsync("mail", "orders");

        Assert.Equal(sent, await LogFixture.TakeAsync(received, sent.Length));
        await late.DisposeAsync();
    }

    [Fact]
    public async Task A_failed_message_comes_again_only_when_it_is_to_be_requeued()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();
        var (patient, toPatient) = await log.SubscribeAsync(
            "patient", "orders", LogFixture.Defaults with { Requeue = true }, Failing(times: 5));
        var (hasty, toHasty) = await log.SubscribeAsync("hasty", "orders", handle: Failing(times: 5));

        await log.PublishAsync("orders", "1");
        await log.PublishAsync("orders", "end");

        Assert.Equal(6, (await LogFixture.TakeAsync(toPatient, 7)).Count(text => text == "1"));
        Assert.Equal(["1", "end"], await LogFixture.TakeAsync(toHasty, 2));
        await patient.DisposeAsync();
        await hasty.DisposeAsync();
    }

    [Fact]
    public async Task Messages_leave_the_file_when_everybody_has_handled_them()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();
        var (mail, toMail) = await log.SubscribeAsync("mail", "orders");
        var (crm, toCrm) = await log.SubscribeAsync("crm", "orders");
        await log.PublishAsync("orders", [.. Enumerable.Range(0, 100).Select(i => $"{i}")]);
        await LogFixture.TakeAsync(toMail, 100);
        await LogFixture.TakeAsync(toCrm, 100);
        await mail.DisposeAsync();
        await crm.DisposeAsync();
        await log.CloseAsync();

        await log.OpenAsync();

        Assert.Equal(0, log.Broker.Store.Count("orders").Rows);
    }

    [Fact]
    public async Task A_message_that_nobody_has_ever_asked_for_is_not_kept()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();

        await log.PublishAsync("orders", "1");

        Assert.Equal(0, log.Broker.Store.Count("orders").Rows);
    }

    [Fact]
    public async Task A_publisher_is_told_when_the_backlog_stays_full()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();
        var (away, _) = await log.SubscribeAsync("mail", "orders");
        await away.DisposeAsync();
        await log.PublishAsync("orders", "1", "2", "3");
        var limits = new BacklogLimits(3, long.MaxValue, TimeSpan.FromMilliseconds(50), 1000, TimeSpan.FromMilliseconds(10));

        var error = await Assert.ThrowsAsync<BacklogFullException>(
            async () => await log.Broker.Backlog("orders").WaitAsync(limits, TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.Equal("the backlog of topic orders is full: 3 messages wait for their subscribers", error.Message);
    }

    [Fact]
    public async Task Messages_that_nobody_fetches_are_deleted_after_their_retention()
    {
        await using var log = new LogFixture();
        await log.OpenAsync();
        var (away, _) = await log.SubscribeAsync("mail", "orders");
        await away.DisposeAsync();
        await log.PublishAsync("orders", "1");

        await log.Broker.ExpireAsync();
        Assert.Equal(1, log.Broker.Store.Count("orders").Rows);
        log.Broker.KeepFor(TimeSpan.FromTicks(1));
        await log.Broker.ExpireAsync();

        Assert.Equal(0, log.Broker.Store.Count("orders").Rows);
    }

    private static Func<string, DeliveryOutcome> Failing(int times)
    {
        var failures = 0;
        return text => text == "1" && Interlocked.Increment(ref failures) <= times ? DeliveryOutcome.Failed : DeliveryOutcome.Done;
    }
}
