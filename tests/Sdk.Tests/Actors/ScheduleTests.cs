namespace DaprMesh.Sdk.Tests.Actors;

public sealed class ScheduleTests
{
    [Fact]
    public async Task Reminders_and_timers_are_registered_in_the_sidecars_JSON()
    {
        await using var app = await ActorApp.StartAsync();
        await app.Counter("c1").ScheduleAsync();
        Assert.Equal(
        [
            "PUT reminders/once {\"dueTime\":\"0h1m30s0ms\",\"period\":\"\",\"data\":\"\"}",
            "PUT reminders/thrice {\"dueTime\":\"0h0m0s0ms\",\"period\":\"R3/P1DT2H\",\"data\":\"AQI=\",\"ttl\":\"96h0m0s0ms\"}",
            "PUT timers/tick {\"dueTime\":\"0h0m1s500ms\",\"data\":\"Bw==\",\"callback\":\"OnTick\"}",
            "PUT timers/plain {\"dueTime\":\"0h0m0s0ms\",\"period\":\"0h0m3s0ms\",\"callback\":\"OnPlainTickAsync\",\"ttl\":\"0h0m10s0ms\"}",
            "PUT reminders/gone {\"dueTime\":\"0h0m0s0ms\",\"period\":\"0h0m0s0ms\",\"data\":\"\"}",
            "DELETE reminders/gone ",
            "DELETE timers/gone ",
        ],
        app.Sidecar.Requests.Skip(1).Select(request => $"{request.Method} {request.Path["/v1.0/actors/CounterActor/c1/".Length..]} {request.Body}"));
    }

    [Theory]
    [InlineData("""{"dueTime":"24h","period":"@every 1m0s","data":"AQI="}""", "thrice 1.00:00:00 00:01:00 2")]
    [InlineData("""{"dueTime":"2030-01-01T00:00:30Z"}""", "thrice 00:00:30 00:00:00 0")]
    [InlineData("""{"dueTime":"1m1.5s","period":"R3/P1DT2H","data":null}""", "thrice 00:01:01.5000000 1.02:00:00 0")]
    public async Task A_reminder_is_read_in_every_form_the_sidecar_writes(string stored, string expected)
    {
        await using var app = await ActorApp.StartAsync(build: builder => ManualClock.Use(builder, new ManualClock()));
        app.Sidecar.SetReminder("CounterActor/c1", "thrice", stored);
        Assert.Equal(expected, await app.Counter("c1").DescribeReminderAsync());
    }

    [Fact]
    public async Task A_reminder_runs_a_turn_and_saves_its_state()
    {
        await using var app = await ActorApp.StartAsync();
        await app.Sidecar.TellAppAsync(
            HttpMethod.Put, "/actors/CounterActor/c1/method/remind/wake-up", """{"data":"AQI=","dueTime":"","period":""}""");
        Assert.Equal("wake-up 2", await app.Counter("c1").LastTickAsync());
        Assert.Equal("\"wake-up\"", app.Sidecar.State("CounterActor/c1", "reminded"));
    }

    [Theory]
    [InlineData("""{"callback":"OnTick","data":"AQI=","dueTime":"0h0m3s0ms","period":"0h0m3s0ms"}""", "tick 2")]
    [InlineData("""{"callback":"OnPlainTickAsync","dueTime":"","period":"R3/PT1S"}""", "plain")]
    public async Task A_timer_calls_a_private_method_and_is_answered_with_false(string body, string expected)
    {
        await using var app = await ActorApp.StartAsync();
        Assert.Equal("false", await app.Sidecar.TellAppAsync(HttpMethod.Put, "/actors/CounterActor/c1/method/timer/t", body));
        Assert.Equal(expected, await app.Counter("c1").LastTickAsync());
    }
}
