using System.Net;

namespace DaprMesh.Gateway.Tests;

public sealed class StreamTests
{
    private const long Large = 64 << 20;
    private static readonly Dictionary<string, string> LargeBodies = new() { ["Gateway__Routes__/echo__MaxBodySize"] = $"{Large}" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_streams()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        using var answer = await mesh.Client.GetAsync("echo/stream", HttpCompletionOption.ResponseHeadersRead, Ct);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));

        Assert.Equal("first", await reader.ReadLineAsync(Ct));
        mesh.Echo.Go.Release();
        Assert.Equal("second", await reader.ReadLineAsync(Ct));
    }

    [Fact]
    public async Task Events_arrive_one_by_one_and_the_service_hears_when_nobody_listens_any_more()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        using var client = mesh.OverSocket();
        using (var answer = await client.GetAsync("echo/events", HttpCompletionOption.ResponseHeadersRead, Ct))
        {
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));
            for (var i = 1; i <= 5; i++)
            {
                Assert.Equal($"data: {i}", await reader.ReadLineAsync(Ct));
                Assert.Equal("", await reader.ReadLineAsync(Ct));
                mesh.Clock.Advance(TimeSpan.FromMinutes(10)); // a stream lasts as long as it lasts
                mesh.Echo.Go.Release();
            }
        }

        await mesh.Echo.Cancelled.WaitAsync(Ct);
    }

    [Fact]
    public async Task A_caller_who_leaves_before_the_answer_is_not_worked_for()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        using var client = mesh.OverSocket();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var answer = client.PostAsync("echo/waits", new StringContent("body"), leave.Token);
        await mesh.Echo.Waiting.WaitAsync(Ct);

        await leave.CancelAsync();

        await mesh.Echo.Cancelled.WaitAsync(Ct);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_does_not_look_whole()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        using var client = mesh.OverSocket();
        using var answer = await client.GetAsync("echo/breaks-off", HttpCompletionOption.ResponseHeadersRead, Ct);
        mesh.Echo.Go.Release();

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(Ct));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_large_body_streams_in_without_being_kept(bool chunked)
    {
        await using var mesh = await StartWithLargeBodiesAsync();
        using var client = mesh.OverSocket();
        using var body = new StreamContent(new Zeros(Large));
        body.Headers.ContentLength = chunked ? null : Large;
        using var request = new HttpRequestMessage(HttpMethod.Post, "echo/count") { Content = body };
        request.Headers.TransferEncodingChunked = chunked;
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var answer = await client.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Large, mesh.Echo.Received);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 16 << 20);
    }

    [Fact]
    public async Task A_large_answer_streams_out_without_being_kept()
    {
        await using var mesh = await StartWithLargeBodiesAsync();
        using var client = mesh.OverSocket();
        using var answer = await client.GetAsync($"echo/zeros/{Large}", HttpCompletionOption.ResponseHeadersRead, Ct);
        await using var stream = await answer.Content.ReadAsStreamAsync(Ct);
        var buffer = new byte[64 * 1024];
        Assert.True(await stream.ReadAsync(buffer, Ct) > 0);

        // The reader pauses: what is under way is held back at its source.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, Large);
        long received = 0;
        for (int read; (read = await stream.ReadAsync(buffer, Ct)) > 0;)
        {
            received += read;
        }

        Assert.InRange(received, Large - buffer.Length, Large - 1);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_body_over_its_routes_limit_is_refused(bool overSocket)
    {
        await using var mesh = await GatewayMesh.StartAsync(new Dictionary<string, string> { ["Gateway__Routes__/echo__MaxBodySize"] = "1000" });
        using var socket = overSocket ? mesh.OverSocket() : null;
        var client = socket ?? mesh.Client;

        using var fits = await client.PostAsync("echo/a", new ByteArrayContent(new byte[1000]), Ct);
        Assert.Equal(HttpStatusCode.Accepted, fits.StatusCode);
        using var declared = await client.PostAsync("echo/a", new ByteArrayContent(new byte[1001]), Ct);
        Assert.Equal("body.too-large", await GatewayMesh.ProblemAsync(declared, HttpStatusCode.RequestEntityTooLarge));
        using var request = new HttpRequestMessage(HttpMethod.Post, "echo/a") { Content = new StreamContent(new Zeros(1001)) };
        request.Headers.TransferEncodingChunked = true;
        using var chunked = await client.SendAsync(request, Ct);
        Assert.Equal("body.too-large", await GatewayMesh.ProblemAsync(chunked, HttpStatusCode.RequestEntityTooLarge));
    }

    [Fact]
    public async Task A_body_over_the_sidecars_limit_is_refused_as_well()
    {
        await using var mesh = await GatewayMesh.StartAsync(LargeBodies);

        using var answer = await mesh.Client.PostAsync("echo/count", new ByteArrayContent(new byte[5 << 20]), Ct);

        Assert.Equal("body.too-large", await GatewayMesh.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge));
    }

    [Fact]
    public async Task A_slow_body_is_no_slow_service()
    {
        await using var mesh = await GatewayMesh.StartAsync();
        using var pieces = new SemaphoreSlim(0);
        var answer = mesh.Client.PostAsync("echo/count", new StreamContent(new Drops(4, pieces)), Ct);
        for (var i = 1; i <= 4; i++)
        {
            var before = mesh.Echo.Received;
            pieces.Release();
            await Testing.Eventually.TrueAsync(() => mesh.Echo.Received > before, Ct);
            mesh.Clock.Advance(TimeSpan.FromSeconds(20));
        }

        pieces.Release();
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    private static Task<GatewayMesh> StartWithLargeBodiesAsync() => GatewayMesh.StartAsync(
        LargeBodies, more: mesh => mesh.Sidecars(sidecar => sidecar with { MaxBodySize = Large }));

    /// <summary>So many zeros, made as they are read.</summary>
    private class Zeros(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(_left, count);
            buffer.AsSpan(offset, read).Clear();
            _left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>One byte each time it is let.</summary>
    private sealed class Drops(long length, SemaphoreSlim next) : Zeros(length)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await next.WaitAsync(cancellationToken);
            var one = new byte[1];
            var read = Read(one, 0, 1);
            one.AsMemory(0, read).CopyTo(buffer);
            return read;
        }
    }
}
