namespace DaprMesh.State.Tests;

/// <summary>Stands between a process and its sidecar. When the process ends, at a call that the test chose, no call gets through any more.</summary>
internal sealed class CallSwitch(HttpClient sidecar) : HttpMessageHandler
{
    private int _calls;

    /// <summary>The call at which the process ends; 0: never.</summary>
    public int EndAt { get; init; }

    /// <summary>The process ends when the sidecar has done the call, before the answer arrives.</summary>
    public bool AfterItWasDone { get; init; }

    public bool HasEnded => EndAt > 0 && Volatile.Read(ref _calls) >= EndAt;

    /// <summary>The sidecar does what these calls ask for, but the answer is lost; the process lives on.</summary>
    public Func<HttpRequestMessage, bool> LosesAnswer { get; set; } = _ => false;

    /// <summary>Calls fail as long as this is set.</summary>
    public bool IsHeld { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = Interlocked.Increment(ref _calls);
        if (EndAt > 0 && (call > EndAt || (call == EndAt && !AfterItWasDone)))
        {
            throw Lost();
        }

        if (IsHeld)
        {
            throw Lost();
        }

        var loses = LosesAnswer(request);
        var response = await sidecar.SendAsync(request, cancellationToken);
        if (call == EndAt || loses)
        {
            response.Dispose();
            throw Lost();
        }

        return response;
    }

    private static HttpRequestException Lost() => new(HttpRequestError.ConnectionError, "The process has ended.");
}
