using System.Collections.Concurrent;
using Dapr.Actors;
using Dapr.Actors.Runtime;

namespace DaprMesh.Sdk.Tests.Actors;

public sealed record Step(int By, string? Why);

public interface ICounter : IActor
{
    Task<int> AddAsync(Step step);

    Task<int> AddTwiceAsync(int first, int second, CancellationToken cancellationToken);

    Task<(int Value, string Name)> PairAsync((int, string) pair);

    Task<string?> NothingAsync();

    Task ResetAsync();

    Task AddAndThrowAsync(int by);

    Task ChangeAllAsync(CancellationToken cancellationToken);

    Task<int> ReadTwiceAsync();

    Task SetForAsync(string key, int value, TimeSpan ttl);

    Task<bool> HasAsync(string key);

    Task<string> TryWrongThingsAsync();

    Task<int> AddThroughMyselfAsync();

    Task ScheduleAsync();

    Task<string> DescribeReminderAsync();

    Task<string> LastTickAsync();
}

/// <summary>What scopes were opened and closed.</summary>
internal sealed class ScopeLog
{
    public ConcurrentQueue<string> Lines { get; } = new();
}

internal sealed class ScopedThing(ScopeLog log) : IDisposable
{
    public ScopeLog Log => log;

    public void Dispose() => log.Lines.Enqueue("scope ended");
}

internal sealed class CounterActor(ActorHost host, ScopedThing thing) : Actor(host), ICounter, IRemindable
{
    private const string Count = "count";
    private string _lastTick = "none";

    public async Task<int> AddAsync(Step step) => await StateManager.AddOrUpdateStateAsync(Count, step.By, (_, old) => old + step.By);

    public async Task<int> AddTwiceAsync(int first, int second, CancellationToken cancellationToken)
    {
        await StateManager.SetStateAsync(Count, first, cancellationToken);
        return await StateManager.AddOrUpdateStateAsync(Count, 0, (_, old) => old + second, cancellationToken);
    }

    public Task<(int Value, string Name)> PairAsync((int, string) pair) => Task.FromResult((pair.Item1 + 1, pair.Item2 + "!"));

    public Task<string?> NothingAsync() => Task.FromResult<string?>(null);

    public Task ResetAsync() => StateManager.RemoveStateAsync(Count);

    public async Task AddAndThrowAsync(int by)
    {
        await StateManager.SetStateAsync(Count, by);
        throw new InvalidTimeZoneException($"{by} is too much");
    }

    public async Task ChangeAllAsync(CancellationToken cancellationToken)
    {
        await StateManager.SetStateAsync("a", 1, cancellationToken);
        await StateManager.SetStateAsync("b", "two", cancellationToken);
        await StateManager.RemoveStateAsync("c", cancellationToken);
    }

    public async Task<int> ReadTwiceAsync() => await StateManager.GetStateAsync<int>(Count) + await StateManager.GetStateAsync<int>(Count);

    public Task SetForAsync(string key, int value, TimeSpan ttl) => StateManager.SetStateAsync(key, value, ttl);

    public Task<bool> HasAsync(string key) => StateManager.ContainsStateAsync(key);

    public async Task<string> TryWrongThingsAsync()
    {
        var faults = new List<string>();
        await TryAsync(() => StateManager.GetStateAsync<int>("missing"));
        await TryAsync(() => StateManager.RemoveStateAsync("missing"));
        await TryAsync(() => StateManager.AddStateAsync(Count, 1));
        await TryAsync(() => StateManager.AddStateAsync(Count, 1));
        await TryAsync(() => StateManager.UnloadStateAsync(Count));
        await TryAsync(() => RegisterTimerAsync("t", "NoSuchMethod", null, TimeSpan.Zero, TimeSpan.Zero));
        await TryAsync(() => RegisterTimerAsync("t", nameof(NothingAsync), null, TimeSpan.Zero, TimeSpan.Zero));
        await TryAsync(() => RegisterReminderAsync("r", null, TimeSpan.FromSeconds(-1), TimeSpan.Zero));
        await TryAsync(() => RegisterReminderAsync("r", null, TimeSpan.Zero, TimeSpan.FromSeconds(1), 0));
        await TryAsync(() => RegisterReminderAsync("r", null, TimeSpan.Zero, TimeSpan.FromMilliseconds(1500), 2));
        await TryAsync(() => RegisterReminderAsync("r", null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        await TryAsync(() => GetReminderAsync("missing"));
        return string.Join(' ', faults);

        async Task TryAsync(Func<Task> act)
        {
            try
            {
                await act();
                faults.Add("fine");
            }
            catch (Exception e)
            {
                faults.Add(e.GetType().Name);
            }
        }
    }

    public async Task<int> AddThroughMyselfAsync()
    {
        await StateManager.SetStateAsync(Count, 100);
        var myself = ProxyFactory.CreateActorProxy<ICounter>(Id, nameof(CounterActor));
        return await myself.AddAsync(new Step(1, null));
    }

    public async Task ScheduleAsync()
    {
        await RegisterReminderAsync("once", null, TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(-1));
        await RegisterReminderAsync("thrice", [1, 2], TimeSpan.Zero, TimeSpan.FromHours(26), 3, TimeSpan.FromDays(4));
        await RegisterTimerAsync("tick", nameof(OnTick), [7], TimeSpan.FromMilliseconds(1500), TimeSpan.FromMilliseconds(-1));
        await RegisterTimerAsync("plain", nameof(OnPlainTickAsync), null, TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10));
        await RegisterReminderAsync("gone", null, TimeSpan.Zero, TimeSpan.Zero);
        await UnregisterReminderAsync("gone");
        await UnregisterTimerAsync("gone");
    }

    public async Task<string> DescribeReminderAsync()
    {
        var reminder = await GetReminderAsync("thrice");
        return $"{reminder.Name} {reminder.DueTime} {reminder.Period} {reminder.State.Length}";
    }

    public Task<string> LastTickAsync() => Task.FromResult(_lastTick);

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period)
    {
        _lastTick = $"{reminderName} {state.Length}";
        return StateManager.SetStateAsync("reminded", reminderName);
    }

    protected override Task OnActivateAsync()
    {
        thing.Log.Lines.Enqueue($"activated {Id}");
        return Task.CompletedTask;
    }

    protected override Task OnDeactivateAsync()
    {
        thing.Log.Lines.Enqueue($"deactivated {Id}");
        return Task.CompletedTask;
    }

    private Task OnPlainTickAsync()
    {
        _lastTick = "plain";
        return Task.CompletedTask;
    }

    private Task OnTick(byte[] data)
    {
        _lastTick = $"tick {data.Length}";
        return Task.CompletedTask;
    }
}
