using Dapr;
using Dapr.Actors;
using Dapr.Actors.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DaprMesh.Sdk.Tests.EndToEnd;

public sealed class ActorTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task An_actor_of_any_id_keeps_its_state(Transport transport)
    {
        await using var app = await StartAsync(transport);
        string[] ids = ["1", "a%2Fb", "a+b", "a b", "ключ-🙂", "100%"];
        foreach (var id in ids)
        {
            await Alarm(app, id).NoteAsync(id);
            await Alarm(app, id).NoteAsync("again");
        }

        foreach (var id in ids)
            Assert.Equal([id, "again"], await Alarm(app, id).NotesAsync());
        Assert.Contains("forbidden character", (await Assert.ThrowsAsync<DaprApiException>(() => Alarm(app, "a/b").NotesAsync())).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task What_a_turn_changed_is_dropped_when_it_throws(Transport transport)
    {
        await using var app = await StartAsync(transport);
        await Alarm(app, "1").NoteAsync("kept");
        var told = await Assert.ThrowsAsync<ActorMethodInvocationException>(() => Alarm(app, "1").NoteAndThrowAsync("lost"));
        Assert.Equal("System.InvalidTimeZoneException", Assert.IsType<ActorInvokeException>(told.InnerException).ActualExceptionType);
        Assert.Equal(["kept"], await Alarm(app, "1").NotesAsync());
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task Reminders_and_timers_reach_the_actor_with_their_data(Transport transport)
    {
        await using var app = await StartAsync(transport);
        var alarm = Alarm(app, "a%2F1 +");
        await alarm.RemindAsync("wake up +1", [1, 2, 3]);
        Assert.Equal("reminder wake up +1 3", (await UntilAsync(alarm, 1)).Single());

        await alarm.TimeAsync("tick", [4, 5]);
        Assert.Equal("timer 2", (await UntilAsync(alarm, 2))[1]);
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task A_reminder_can_be_looked_up_and_cancelled(Transport transport)
    {
        await using var app = await StartAsync(transport);
        Assert.Equal("later 01:00:00 02:00:00 then ERR_ACTOR_REMINDER_NOT_FOUND", await Alarm(app, "1").LookUpAndCancelAsync("later"));
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task An_actor_may_call_itself_through_another(Transport transport)
    {
        await using var app = await StartAsync(transport);
        await Alarm(app, "1").NoteThroughAsync("2");
        Assert.Equal(["outer", "inner"], await Alarm(app, "1").NotesAsync());
    }

    [Theory, InlineData(Transport.Sockets), InlineData(Transport.Dispatch)]
    public async Task A_call_by_name_needs_no_interface(Transport transport)
    {
        await using var app = await StartAsync(transport);
        var proxy = app.Services.GetRequiredService<IActorProxyFactory>().Create(new ActorId("u 1"), nameof(AlarmActor));
        await proxy.InvokeMethodAsync("NoteAsync", "by name", Ended);
        Assert.Equal(["by name"], await proxy.InvokeMethodAsync<string[]>("NotesAsync", Ended));
    }

    private static Task<SidecarApp> StartAsync(Transport transport) => SidecarApp.StartAsync(
        transport,
        builder => builder.Services.AddActors(options =>
        {
            options.Actors.RegisterActor<AlarmActor>();
            options.ReentrancyConfig = new ActorReentrancyConfig { Enabled = true, MaxStackDepth = 8 };
        }),
        app => app.MapActorsHandlers());

    private static IAlarm Alarm(SidecarApp app, string id) =>
        app.Services.GetRequiredService<IActorProxyFactory>().CreateActorProxy<IAlarm>(new ActorId(id), nameof(AlarmActor));

    private static async Task<string[]> UntilAsync(IAlarm alarm, int count)
    {
        while (true)
        {
            var notes = await alarm.NotesAsync();
            if (notes.Length >= count)
                return notes;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ended);
        }
    }
}
