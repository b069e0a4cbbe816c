using System.Runtime.CompilerServices;

namespace DaprMesh.Testing;

/// <summary>Waits, in real time, for what other threads bring about. What does not come within 30 seconds fails the test by its own words.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">It never did; the message is the condition.</exception>
    public static Task TrueAsync(Func<bool> condition, CancellationToken ct, [CallerArgumentExpression(nameof(condition))] string words = "") =>
        TrueAsync(() => Task.FromResult(condition()), ct, words);

    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">It never did; the message is the condition.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, CancellationToken ct, [CallerArgumentExpression(nameof(condition))] string words = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Not within {Patience.TotalSeconds:0} s: {words}");
            }

            await Task.Delay(Interval, TimeProvider.System, ct);
        }
    }

    /// <summary>Waits until there is a value, and returns it.</summary>
    /// <exception cref="TimeoutException">There never was one; the message is the expression.</exception>
    public static async Task<T> SomeAsync<T>(Func<T?> value, CancellationToken ct, [CallerArgumentExpression(nameof(value))] string words = "") where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        T? found = null;
        await TrueAsync(() => (found = value()) is not null, ct, words);
        return found!; // the condition held
    }

    /// <summary>Moves the clock on step by step until the condition holds; for chains in which each step waits for the one before.</summary>
    /// <exception cref="TimeoutException">It never did; the message is the condition.</exception>
    public static Task TrueAsync(
        Func<bool> condition, ManualTime clock, TimeSpan step, CancellationToken ct, [CallerArgumentExpression(nameof(condition))] string words = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(clock);
        return TrueAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                clock.Advance(step);
                return false;
            },
            ct,
            words);
    }
}
