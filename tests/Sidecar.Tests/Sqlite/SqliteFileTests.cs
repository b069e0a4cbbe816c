using DaprMesh.Sidecar.Sqlite;
using Microsoft.Data.Sqlite;

namespace DaprMesh.Sidecar.Tests.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Many_callers_share_one_commit()
    {
        await using var file = await NumbersAsync();
        var before = file.Commits;

        var writes = Enumerable.Range(0, 640).Select(number => InsertAsync(file, number)).ToArray();
        await Task.WhenAll(writes);

        Assert.Equal(640, Count(file));
        Assert.InRange(file.Commits - before, 10, 200);
    }

    [Fact]
    public async Task Work_that_throws_is_undone_and_its_neighbours_are_kept()
    {
        await using var file = await NumbersAsync();

        var writes = Enumerable.Range(0, 100).Select(number => file.WriteAsync(session =>
        {
            session.Execute("INSERT INTO numbers VALUES ($1)", number);
            return number % 10 == 3 ? throw new InvalidOperationException("three") : number;
        })).ToArray();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.WhenAll(writes));
        Assert.Equal(10, writes.Count(write => write.IsFaulted));
        Assert.Equal(90, Count(file));
    }

    [Fact]
    public async Task A_single_statement_that_fails_leaves_its_neighbours_alone()
    {
        await using var file = await NumbersAsync();
        await InsertAsync(file, 7);

        var writes = Enumerable.Range(0, 20).Select(number => InsertAsync(file, number)).ToArray();

        await Assert.ThrowsAsync<SqliteException>(() => Task.WhenAll(writes));
        Assert.Equal([7], Enumerable.Range(0, 20).Where(number => writes[number].IsFaulted));
        Assert.Equal(20, Count(file));
    }

    [Fact]
    public async Task A_full_disk_fails_who_needs_the_space_and_the_file_goes_on()
    {
        await using var file = await NumbersAsync();
        await file.WriteAsync(session => session.Execute("CREATE TABLE blobs (bytes BLOB)"));
        await file.WriteAsync(session => session.Scalar("PRAGMA max_page_count=40"), singleStatement: true);

        var big = file.WriteAsync(session => session.Execute("INSERT INTO blobs VALUES (zeroblob(1000000))"), singleStatement: true);
        var small = Enumerable.Range(0, 10).Select(number => InsertAsync(file, number)).ToArray();

        await Assert.ThrowsAsync<SqliteException>(() => big);
        await Task.WhenAll(small);
        Assert.Equal(10, Count(file));
    }

    [Fact]
    public async Task Two_writers_on_one_file_lose_nothing()
    {
        await using var one = await NumbersAsync();
        await using var two = SqliteFile.Open(one.Path);

        await Task.WhenAll(Enumerable.Range(0, 400).Select(number => InsertAsync(number % 2 == 0 ? one : two, number)));

        Assert.Equal(400, Count(one));
        Assert.Equal(400, Count(two));
    }

    [Fact]
    public async Task The_write_ahead_log_does_not_grow_with_what_is_written()
    {
        await using var file = await NumbersAsync();
        await file.WriteAsync(session => session.Execute("CREATE TABLE one (id INTEGER PRIMARY KEY, bytes BLOB)"));

        for (var round = 0; round < 3000; round++)
        {
            await file.WriteAsync(session => session.Execute("INSERT OR REPLACE INTO one VALUES (1, zeroblob(16000))"), singleStatement: true);
        }

        Assert.InRange(new FileInfo(file.Path + "-wal").Length, 0, 3000 * 16000L / 2);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_opening_again()
    {
        await using (var file = await NumbersAsync())
        {
            await InsertAsync(file, 1);
        }

        await using var again = SqliteFile.Open(_folder.File("numbers.db"));
        Assert.Equal(1, Count(again));
    }

    [Fact]
    public async Task A_closed_file_takes_no_more_work()
    {
        var file = await NumbersAsync();
        await file.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => InsertAsync(file, 1));
        Assert.Throws<ObjectDisposedException>(() => Count(file));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_alone()
    {
        var path = _folder.File("notes.txt");
        File.WriteAllText(path, "these are my notes, not a database");

        var refused = Assert.Throws<SqliteFileException>(() => SqliteFile.Open(path));

        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("not a SQLite database", refused.Message, StringComparison.Ordinal);
        Assert.Equal("these are my notes, not a database", File.ReadAllText(path));
    }

    [Fact]
    public async Task A_damaged_database_is_refused_and_left_alone()
    {
        string path;
        await using (var file = await NumbersAsync())
        {
            path = file.Path;
            await Task.WhenAll(Enumerable.Range(0, 5000).Select(number => InsertAsync(file, number)));
        }

        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(4096, 8192).Fill(0xEE);
        File.WriteAllBytes(path, bytes);

        var refused = Assert.Throws<SqliteFileException>(() => SqliteFile.Open(path));

        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task A_database_in_memory_is_written_and_read()
    {
        await using var file = SqliteFile.OpenInMemory();
        await file.WriteAsync(session => session.Execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY)"));

        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => InsertAsync(file, number)));

        Assert.Equal(100, Count(file));
    }

    [Fact]
    public async Task A_watcher_hears_of_commits_in_its_own_process()
    {
        await using var file = await NumbersAsync();
        using var watcher = file.Watch(TimeProvider.System, TimeSpan.FromHours(1));

        var changed = watcher.ChangedAsync(TestContext.Current.CancellationToken);
        Assert.False(changed.IsCompleted);
        await InsertAsync(file, 1);

        await changed.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_watcher_hears_of_commits_by_others()
    {
        await using var file = await NumbersAsync();
        await using var other = SqliteFile.Open(file.Path);
        using var watcher = file.Watch(TimeProvider.System, TimeSpan.FromMilliseconds(5));

        var changed = watcher.ChangedAsync(TestContext.Current.CancellationToken);
        await InsertAsync(other, 1);

        await changed.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Numbered_parameters_may_come_in_any_order()
    {
        await using var file = SqliteFile.OpenInMemory();

        var text = file.Read(session => session.Scalar("SELECT $2 || '-' || $1 || '-' || $2", "one", "two"));

        Assert.Equal("two-one-two", text);
    }

    private async Task<SqliteFile> NumbersAsync()
    {
        var file = SqliteFile.Open(_folder.File("numbers.db"));
        await file.WriteAsync(session => session.Execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY)"));
        return file;
    }

    private static Task<int> InsertAsync(SqliteFile file, int number) =>
        file.WriteAsync(number, static (session, number) => session.Execute("INSERT INTO numbers VALUES ($1)", number), singleStatement: true);

    private static long Count(SqliteFile file) => file.Read(session => (long)session.Scalar("SELECT count(*) FROM numbers")!);
}
