using System.Globalization;
using DaprMesh.Sidecar.Jobs;

namespace DaprMesh.Sidecar.Tests.Jobs;

public sealed class CronTests
{
    [Theory]
    [InlineData("0 30 2 * * *", "2026-03-01T02:30:00Z", "2026-03-02T02:30:00Z")]
    [InlineData("*/15 * * * * *", "2026-03-01T00:00:01Z", "2026-03-01T00:00:15Z")]
    [InlineData("0 0 9-17/4 * * mon-fri", "2026-03-06T13:00:00Z", "2026-03-06T17:00:00Z")]
    [InlineData("0 0 9-17/4 * * mon-fri", "2026-03-06T17:00:00Z", "2026-03-09T09:00:00Z")]
    [InlineData("0 0 0 13 * fri", "2026-03-01T00:00:00Z", "2026-03-06T00:00:00Z")]
    [InlineData("0 0 0 31 feb,apr,may *", "2026-03-01T00:00:00Z", "2026-05-31T00:00:00Z")]
    [InlineData("59 59 23 31 12 ?", "2026-12-31T23:59:59Z", "2027-12-31T23:59:59Z")]
    [InlineData("@hourly", "2026-03-01T00:00:00Z", "2026-03-01T01:00:00Z")]
    [InlineData("@weekly", "2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z")]
    [InlineData("@yearly", "2026-03-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("@every 1h30m", "2026-03-01T00:00:00.5Z", "2026-03-01T01:30:00.5Z")]
    [InlineData("CRON_TZ=Europe/Berlin 0 0 6 * * *", "2026-03-28T12:00:00Z", "2026-03-29T04:00:00Z")]
    [InlineData("TZ=Europe/Berlin 0 30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-30T00:30:00Z")]
    public void A_schedule_ticks_next_at(string schedule, string after, string expected) =>
        Assert.Equal(Time(expected), Parse(schedule).Next(Time(after)));

    [Fact]
    public void A_day_that_never_comes_has_no_tick() => Assert.Null(Parse("0 0 0 30 2 *").Next(Time("2026-01-01T00:00:00Z")));

    [Fact]
    public void Five_fields_are_a_schedule_where_seconds_are_optional()
    {
        var schedule = CronParser.Parse("*/5 * * * *", CronSeconds.Optional, TimeZoneInfo.Utc);
        Assert.Equal(Time("2026-01-01T00:05:00Z"), schedule.Next(Time("2026-01-01T00:00:00Z")));
    }

    [Theory]
    [InlineData("30 2 * * *", "expected exactly 6 fields, found 5: [30 2 * * *]")]
    [InlineData("often", "expected exactly 6 fields, found 1: [often]")]
    [InlineData("@often", "unrecognized descriptor: @often")]
    [InlineData("60 * * * * *", "end of range (60) above maximum (59): 60")]
    [InlineData("* * * 0 * *", "beginning of range (0) below minimum (1): 0")]
    [InlineData("5-1 * * * * *", "beginning of range (5) beyond end of range (1): 5-1")]
    [InlineData("*/0 * * * * *", "step of range should be a positive number: */0")]
    public void A_broken_schedule_is_refused_with_its_reason(string schedule, string reason) =>
        Assert.Equal(reason, Assert.Throws<FormatException>(() => Parse(schedule)).Message);

    [Theory]
    [InlineData("1m", "1m0s")]
    [InlineData("1h", "1h0m0s")]
    [InlineData("90m", "1h30m0s")]
    [InlineData("1.5s", "1.5s")]
    [InlineData("1500us", "1.5ms")]
    [InlineData("-2h3m", "-2h3m0s")]
    [InlineData("0", "0s")]
    public void A_go_duration_prints_as_go_prints_it(string text, string printed)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(printed, GoDuration.Format(duration));
    }

    [Theory, InlineData("soon"), InlineData(""), InlineData("5"), InlineData("1x"), InlineData("s"), InlineData("-")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData("PT1H30M", 0, 0, "1:30:00", null)]
    [InlineData("R5/PT10S", 0, 0, "0:00:10", 5)]
    [InlineData("P1M2W3DT4S", 1, 17, "0:00:04", null)]
    [InlineData("90s", 0, 0, "0:01:30", null)]
    public void A_period_is_a_go_duration_or_an_ISO_8601_one(string text, int months, int days, string time, int? repetitions)
    {
        Assert.True(RepeatPeriod.TryParse(text, out var period));
        Assert.Equal(new RepeatPeriod(0, months, days, TimeSpan.Parse(time, CultureInfo.InvariantCulture), repetitions), period);
    }

    [Theory, InlineData("P"), InlineData("PT"), InlineData("PT1.5S"), InlineData("R/PT1S"), InlineData("P1S"), InlineData("PT1S2H")]
    public void A_broken_period_is_refused(string text) => Assert.False(RepeatPeriod.TryParse(text, out _));

    private static CronSchedule Parse(string text) => CronParser.Parse(text, CronSeconds.Required, TimeZoneInfo.Utc);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
