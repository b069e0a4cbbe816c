namespace DaprMesh.Processes.Tests;

/// <summary>Waits on a condition that another process brings about.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<Task<bool>> condition, TimeSpan atMost, Func<string> otherwise, CancellationToken ct)
    {
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        while (!await condition())
        {
            if (clock.GetElapsedTime(started) > atMost)
                Assert.Fail($"Not within {atMost.TotalSeconds:0} s: {otherwise()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, ct);
        }
    }

    public static Task HoldsAsync(Func<bool> condition, TimeSpan atMost, Func<string> otherwise, CancellationToken ct) =>
        HoldsAsync(() => Task.FromResult(condition()), atMost, otherwise, ct);
}
