using System.Net.Sockets;
using DaprMesh.Golden.Tests.Recording;

namespace DaprMesh.Golden.Tests.Replay;

/// <summary>Sends recorded requests byte for byte: the path as it stands, no header of its own, a connection each.</summary>
internal sealed class RequestSender : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly UriCreationOptions AsItStands = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public HttpClient Http { get; } = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<Answer> SendAsync(RecordedRequest request, int port, Func<string, string> expand, CancellationToken ct)
    {
        using var message = ToMessage(request, port, expand);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            using var response = await Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                .SelectMany(header => header.Value.Select(value => (header.Key, value)));
            var set = HeaderSet.From(headers);
            return new Answer((int)response.StatusCode, set, await response.Content.ReadAsByteArrayAsync(limit.Token));
        }
        catch (HttpRequestException failed) when (failed.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return None("not sent: connection refused");
        }
        catch (HttpRequestException failed) when (failed.HttpRequestError == HttpRequestError.ResponseEnded
            || failed.InnerException is IOException)
        {
            return None("no complete answer: RemoteDisconnected");
        }
        catch (HttpRequestException failed)
        {
            return None($"no complete answer: {failed.Message}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return None("no complete answer: timed out");
        }
    }

    public void Dispose() => Http.Dispose();

    private static HttpRequestMessage ToMessage(RecordedRequest request, int port, Func<string, string> expand)
    {
        var uri = new Uri($"http://127.0.0.1:{port}{expand(request.Path)}", AsItStands);
        var message = new HttpRequestMessage(new HttpMethod(request.Method), uri);
        if (request.Body is not null)
            message.Content = new ByteArrayContent(request.Body.ToBytes(expand));

        foreach (var (name, values) in request.Headers)
        {
            var expanded = values.Select(expand);
            if (!message.Headers.TryAddWithoutValidation(name, expanded))
            {
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.TryAddWithoutValidation(name, expanded);
            }
        }

        if (request.Chunked)
            message.Headers.TransferEncodingChunked = true;
        return message;
    }

    private static Answer None(string error) => new(null, [], [], error);
}
