using DaprMesh.Sidecar.Locks;
using DaprMesh.Sidecar.Tests.State;

namespace DaprMesh.Sidecar.Tests.Locks;

public sealed class SqliteLockStoreTests : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly StoreSidecar _sidecar = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _sidecar.DisposeAsync();

    [Fact]
    public async Task A_lock_has_one_owner_until_it_lets_go()
    {
        var locks = await StartAsync();

        Assert.True(await locks.TryLockAsync("r", "a", Minute, Cancel));
        Assert.False(await locks.TryLockAsync("r", "b", Minute, Cancel));
        Assert.False(await locks.TryLockAsync("r", "a", Minute, Cancel));
        Assert.Equal(UnlockStatus.LockBelongsToOthers, await locks.UnlockAsync("r", "b", Cancel));
        Assert.Equal(UnlockStatus.Success, await locks.UnlockAsync("r", "a", Cancel));
        Assert.Equal(UnlockStatus.LockDoesNotExist, await locks.UnlockAsync("r", "a", Cancel));
        Assert.True(await locks.TryLockAsync("r", "b", Minute, Cancel));
    }

    [Fact]
    public async Task A_lock_ends_when_its_time_is_up()
    {
        var locks = await StartAsync();
        await locks.TryLockAsync("r", "a", Minute, Cancel);

        _sidecar.Clock.Advance(Minute);

        Assert.Equal(UnlockStatus.LockDoesNotExist, await locks.UnlockAsync("r", "a", Cancel));
        Assert.True(await locks.TryLockAsync("r", "b", Minute, Cancel));
    }

    [Fact]
    public async Task Of_many_who_try_at_once_one_gets_the_lock()
    {
        var locks = await StartAsync();

        var won = await Task.WhenAll(Enumerable.Range(0, 100).Select(
            number => Task.Run(() => locks.TryLockAsync("r", $"{number}", Minute, Cancel).AsTask())));

        Assert.Single(won, success => success);
    }

    private Task<ILockStore> StartAsync() => _sidecar.StartAsync<ILockStore>("lock.sqlite", ("connectionString", "locks.db"));
}
