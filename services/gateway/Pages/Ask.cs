using DaprMesh.Gateway.Forwarding;
using Microsoft.Extensions.Options;

namespace DaprMesh.Gateway.Pages;

/// <summary>Asks an app something of the gateway's own, and does not wait long.</summary>
internal sealed class Ask(SidecarClient sidecar, IOptions<GatewayOptions> options, TimeProvider clock)
{
    private const int MaxAnswer = 4 << 20;

    /// <returns>The status and what was read of the answer; a status of null is no answer, and the text says why.</returns>
    public async Task<Answer> GetAsync(string app, string path, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var timer = clock.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), timeout, options.Value.AskTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            using var request = sidecar.Request(HttpMethod.Get, app, path);
            using var response = await sidecar.SendAsync(request, timeout.Token);
            var answer = await SidecarAnswer.OfAsync(response, timeout.Token);
            if (answer.Error is not null)
            {
                return new Answer(null, [], "cannot be reached");
            }

            await using var stream = await response.Content.ReadAsStreamAsync(timeout.Token);
            using var body = new MemoryStream();
            body.Write(answer.Peeked);
            var buffer = new byte[16 * 1024];
            for (int read; body.Length < MaxAnswer && (read = await stream.ReadAsync(buffer, timeout.Token)) > 0;)
            {
                body.Write(buffer, 0, read);
            }

            return new Answer((int)response.StatusCode, body.ToArray(), null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Answer(null, [], $"no answer within {options.Value.AskTimeout.TotalSeconds:0.#} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new Answer(null, [], "the sidecar cannot be reached");
        }
    }
}

/// <summary>What an app answered.</summary>
internal sealed record Answer(int? Status, byte[] Body, string? Fault)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
