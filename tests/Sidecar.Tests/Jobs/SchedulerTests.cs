using DaprMesh.Sidecar.Runtime;
using DaprMesh.Sidecar.Tests.Actors;
using DaprMesh.Sidecar.Tests.Resiliency;

namespace DaprMesh.Sidecar.Tests.Jobs;

public sealed class SchedulerTests
{
    [Fact]
    public async Task Reminders_and_jobs_outlive_the_sidecar()
    {
        using var folder = new TempFolder();
        var clock = new ManualClock();
        await using (var runtime = new SidecarRuntime(clock, folder.Path))
        {
            await using var app = await ActorApp.StartAsync(runtime);
            Assert.Equal(204, (await app.SendAsync("POST", "actors/Cart/c1/reminders/later", """{"dueTime":"1h","data":1}""")).Status);
            Assert.Equal(204, (await app.SendAsync("POST", "jobs/nightly", """{"dueTime":"1h","data":1}""")).Status);
        }

        clock.Advance(TimeSpan.FromHours(2));
        await using (var runtime = new SidecarRuntime(clock, folder.Path))
        {
            await using var app = await ActorApp.StartAsync(runtime);
            await app.UntilAsync("PUT /actors/Cart/c1/method/remind/later");
            await app.UntilAsync("POST /job/nightly");
            await ActorApp.UntilAsync(async () => (await app.SendAsync("GET", "jobs/nightly")).Status == 500);
        }
    }

    [Fact]
    public async Task A_job_ticks_once_for_all_replicas_of_its_app()
    {
        using var folder = new TempFolder();
        await using var first = new SidecarRuntime(TimeProvider.System, folder.Path);
        await using var second = new SidecarRuntime(TimeProvider.System, folder.Path);
        await using var a = await ActorApp.StartAsync(first);
        await using var b = await ActorApp.StartAsync(second);

        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(204, (await (i % 2 == 0 ? a : b).SendAsync("POST", $"jobs/j{i}", """{"dueTime":"0s"}""")).Status);
        }

        await ActorApp.UntilAsync(() => a.Calls.Count + b.Calls.Count >= 40);
        Assert.Equal(40, a.Calls.Concat(b.Calls).Distinct().Count());
        Assert.Equal(40, a.Calls.Count + b.Calls.Count);
    }

    [Fact]
    public async Task A_claim_of_a_process_that_is_gone_is_taken_over()
    {
        using var folder = new TempFolder();
        await using var runtime = new SidecarRuntime(TimeProvider.System, folder.Path);
        var file = runtime.File(folder.File(Placement.FileName("scheduler", "scheduler:1")));
        var dead = new SchedulerStore(file, "999999999:0:gone");
        await dead.CreateTablesAsync();
        var target = SchedulerJob.JobTarget("default", "shop");
        var job = new SchedulerJob("app||default||shop||lost", target, "lost", null, null, null, "0s", null, "1"u8.ToArray(), FailurePolicy.Default);
        var now = TimeProvider.System.GetUtcNow();
        await dead.PutAsync(job, now, null, overwrite: true);
        Assert.Single((await dead.ClaimAsync([target], now, 10)).Ticks);

        await using var app = await ActorApp.StartAsync(runtime);
        await app.UntilAsync("POST /job/lost");
    }

    [Fact]
    public async Task A_repeating_job_is_driven_by_the_clock()
    {
        var clock = new ManualClock();
        await using var runtime = new SidecarRuntime(clock, registryFolder: null);
        await using var app = await ActorApp.StartAsync(runtime);
        await app.SendAsync("POST", "jobs/hourly", """{"schedule":"@hourly","repeats":3}""");

        for (var times = 1; times <= 3; times++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            await app.UntilAsync("POST /job/hourly", times);
            await app.SendAsync("GET", "jobs/hourly");
        }

        clock.Advance(TimeSpan.FromDays(1));
        await ActorApp.UntilAsync(async () => (await app.SendAsync("GET", "jobs/hourly")).Status == 500);
        Assert.Equal(3, app.Count("POST /job/hourly"));
    }

    [Theory]
    [InlineData("""{"schedule":"@every 1m","repeats":2}""", "00:01:00", "00:02:00", null)]
    [InlineData("""{"dueTime":"10s","schedule":"@every 1m"}""", "00:00:10", "00:01:10", "00:02:10")]
    [InlineData("""{"dueTime":"10s"}""", "00:00:10", null, null)]
    [InlineData("""{"schedule":"@every 1m","ttl":"90s"}""", "00:01:00", null, null)]
    public void Each_tick_follows_from_the_one_before(string body, string first, string? second, string? third)
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var request = DaprMesh.Sidecar.Jobs.JobRequest.Read(System.Text.Encoding.UTF8.GetBytes(body));
        var (timing, tick) = JobTiming.Start(
            new SchedulerJob("k", "t", "n", null, request.Schedule, request.Repeats, request.DueTime, request.Ttl, null, FailurePolicy.Default), now);

        foreach (var (expected, fired) in new[] { (first, 0u), (second, 1u), (third, 2u) })
        {
            tick = fired == 0 || tick is null ? tick : timing.After(tick.Value, fired, now);
            Assert.Equal(expected, (tick - now)?.ToString("hh':'mm':'ss", System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
