using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DaprMesh.Sidecar.InProcess;

/// <summary>One request and its response between two hosts of this process, as the features a server would provide.</summary>
#pragma warning disable CA1001 // The token source has neither timer nor wait handle, and who may still ask for its token is not known.
internal sealed class DispatchExchange :
#pragma warning restore CA1001
    IHttpRequestFeature, IHttpResponseFeature, IHttpResponseBodyFeature, IHttpConnectionFeature,
    IHttpRequestLifetimeFeature, IHttpRequestBodyDetectionFeature, IHttpRequestIdentifierFeature
{
    private readonly HttpRequestMessage _request;
    private readonly CancellationTokenSource _aborted = new();
    private readonly CancellationTokenRegistration _callerGone;
    private readonly TaskCompletionSource _started = new();
    private readonly ResponsePipe _body;
    private List<(Func<object, Task> Callback, object State)>? _onStarting;
    private List<(Func<object, Task> Callback, object State)>? _onCompleted;
    private Exception? _failure;
    private Stream _requestBody;
    private string? _traceIdentifier;
    private bool _finished;
    private bool _hasReturned;

    /// <param name="body">The request's body; null: it has none.</param>
    public DispatchExchange(HttpRequestMessage request, Stream? body, int port, CancellationToken ct)
    {
        _request = request;
        _requestBody = body ?? Stream.Null;
        _callerGone = ct.UnsafeRegister(static aborted => ((CancellationTokenSource)aborted!).Cancel(), _aborted); // the state given here
        _body = new ResponsePipe(this);
        LocalPort = port;
        Method = request.Method.Method;

        var uri = request.RequestUri!;
        RawTarget = uri.PathAndQuery;
        Path = PathString.FromUriComponent(uri.AbsolutePath).Value ?? "/";
        QueryString = uri.Query;
        Headers = DispatchHeaders.ToRequest(request, uri);

        Features = new FeatureCollection(16);
        Features.Set<IHttpRequestFeature>(this);
        Features.Set<IHttpResponseFeature>(this);
        Features.Set<IHttpResponseBodyFeature>(this);
        Features.Set<IHttpConnectionFeature>(this);
        Features.Set<IHttpRequestLifetimeFeature>(this);
        Features.Set<IHttpRequestBodyDetectionFeature>(this);
        Features.Set<IHttpRequestIdentifierFeature>(this);
    }

    public IFeatureCollection Features { get; }

    public string Protocol { get; set; } = "HTTP/1.1";

    public string Scheme { get; set; } = "http";

    public string Method { get; set; }

    public string PathBase { get; set; } = "";

    public string Path { get; set; }

    public string QueryString { get; set; }

    public string RawTarget { get; set; }

    public IHeaderDictionary Headers { get; set; }

    Stream IHttpRequestFeature.Body
    {
        get => _requestBody;
        set => _requestBody = value;
    }

    public bool CanHaveBody => _request.Content is not null;

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    IHeaderDictionary IHttpResponseFeature.Headers { get; set; } = new HeaderDictionary();

    Stream IHttpResponseFeature.Body
    {
        get => _body.AsStream();
        set => throw new NotSupportedException("Replace IHttpResponseBodyFeature instead.");
    }

    public bool HasStarted { get; private set; }

    Stream IHttpResponseBodyFeature.Stream => _body.AsStream();

    PipeWriter IHttpResponseBodyFeature.Writer => _body;

    public string ConnectionId { get; set; } = "dispatch";

    public IPAddress? RemoteIpAddress { get; set; } = IPAddress.Loopback;

    public IPAddress? LocalIpAddress { get; set; } = IPAddress.Loopback;

    public int RemotePort { get; set; }

    public int LocalPort { get; set; }

    public CancellationToken RequestAborted
    {
        get => _aborted.Token;
        set { }
    }

    public string TraceIdentifier
    {
        get => _traceIdentifier ??= Guid.NewGuid().ToString("N");
        set => _traceIdentifier = value;
    }

    /// <summary>As much of the body has been written as was announced.</summary>
    public bool IsWhole => ResponseFeature.Headers.ContentLength is { } length && length == _body.Written;

    private IHttpResponseFeature ResponseFeature => this;

    public void OnStarting(Func<object, Task> callback, object state) => (_onStarting ??= []).Add((callback, state));

    public void OnCompleted(Func<object, Task> callback, object state) => (_onCompleted ??= []).Add((callback, state));

    public void Abort()
    {
        _failure ??= new OperationCanceledException("The host aborted the request.");
        _aborted.Cancel();
        _body.Finish(_failure);
        HandOver();
    }

    public void DisableBuffering()
    {
    }

    /// <summary>The head of the response is settled: the caller may have it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (HasStarted)
        {
            return;
        }

        await FireStartingAsync();
        if (IsWhole)
        {
            _body.Seal();
            HasStarted = true;
            Interlocked.MemoryBarrier(); // against Return: one of the two sees what the other has set
            if (_hasReturned)
            {
                HandOver();
            }

            return;
        }

        _body.Switch();
        HasStarted = true;
        HandOver();
    }

    /// <summary>
    /// The application has returned to the caller's thread, done or waiting. An answer that is complete by now needs no other thread to be handed over.
    /// </summary>
    public Task<HttpResponseMessage> Return(Task processing)
    {
        _hasReturned = true;
        Interlocked.MemoryBarrier();
        return processing.IsCompletedSuccessfully || HasStarted ? Task.FromResult(Response()) : WhenStartedAsync();
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(_body.AsStream(), path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        if (_finished || _failure is not null) // an aborted exchange has no answer, though the application returns
        {
            return;
        }

        _finished = true;
        if (!HasStarted)
        {
            await FireStartingAsync();
            HasStarted = true;
        }

        _body.Finish();
        if (_onCompleted is not null)
        {
            HandOver(); // the caller has the answer while those callbacks run
        }
    }

    /// <summary>The application threw: an empty 500 as a server would answer, or the end of a body that has begun.</summary>
    public void Fail(Exception error)
    {
        _finished = true;
        if (!HasStarted && !_aborted.IsCancellationRequested)
        {
            HasStarted = true;
            StatusCode = StatusCodes.Status500InternalServerError;
            ResponseFeature.Headers.Clear();
            _body.Discard();
            HandOver();
            return;
        }

        _failure = error;
        _body.Finish(error);
        HandOver();
    }

    public async Task FireCompletedAsync()
    {
        for (var i = (_onCompleted?.Count ?? 0) - 1; i >= 0; i--)
        {
            await _onCompleted![i].Callback(_onCompleted[i].State);
        }
    }

    /// <summary>The host is done with the request: its thread goes on as the caller's, unless the caller has gone on before.</summary>
    public void End()
    {
        _callerGone.Unregister();
        _started.TrySetResult();
    }

    private async Task<HttpResponseMessage> WhenStartedAsync()
    {
        await _started.Task.WaitAsync(_aborted.Token);
        return Response();
    }

    /// <summary>The caller goes on while the host still works on the request, so on another thread.</summary>
    private void HandOver()
    {
        if (!_started.Task.IsCompleted)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static started => started.TrySetResult(), _started, preferLocal: false);
        }
    }

    /// <summary>What the caller gets; the body streams when the host is still writing.</summary>
    public HttpResponseMessage Response()
    {
        if (_failure is not null && !HasStarted)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The host ended the request without an answer.", _failure);
        }

        var response = new HttpResponseMessage((HttpStatusCode)StatusCode)
        {
            RequestMessage = _request,
            ReasonPhrase = ReasonPhrase,
            Content = _body.ToContent(),
        };
        DispatchHeaders.ToResponse(ResponseFeature.Headers, response);
        return response;
    }

    private async ValueTask FireStartingAsync()
    {
        while (_onStarting is { Count: > 0 } callbacks)
        {
            _onStarting = null;
            for (var i = callbacks.Count - 1; i >= 0; i--)
            {
                await callbacks[i].Callback(callbacks[i].State);
            }
        }
    }
}
