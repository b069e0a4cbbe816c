using System.Collections.Concurrent;
using System.Net;

namespace DaprMesh.Testing;

/// <summary>
/// Switches for what can go wrong in a mesh. A switch for deliveries holds for the next ones that fit: <c>to</c> an app, of a <c>topic</c>;
/// what is left out fits all.
/// </summary>
public sealed class Faults : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<string, int> _cutOff = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly List<DeliveryFault> _deliveries = [];
    private readonly Dictionary<string, int> _failing = new(StringComparer.Ordinal);

    internal Faults(TimeProvider clock) => _clock = clock;

    /// <summary>The delivery does not reach the app: a broken connection.</summary>
    public void Drop(int times = 1, string? to = null, string? topic = null) => Add(times, to, topic, (_, _) =>
        throw new HttpRequestException(HttpRequestError.ConnectionError, "The delivery is dropped."), skipsApp: true);

    /// <summary>The app takes the delivery, but its answer is lost: the sidecar sees a broken connection.</summary>
    public void LoseAnswer(int times = 1, string? to = null, string? topic = null) => Add(times, to, topic, async (deliver, ct) =>
    {
        using var lost = await deliver(ct);
        throw new HttpRequestException(HttpRequestError.ResponseEnded, "The answer is lost.");
    });

    /// <summary>The app gets the delivery twice, one after the other; the second answer counts.</summary>
    public void Duplicate(int times = 1, string? to = null, string? topic = null) => Add(times, to, topic, async (deliver, ct) =>
    {
        using var first = await deliver(ct);
        return await deliver(ct);
    });

    /// <summary>The delivery reaches the app later, by the mesh's clock.</summary>
    public void Delay(TimeSpan by, int times = 1, string? to = null, string? topic = null) => Add(times, to, topic, async (deliver, ct) =>
    {
        await Task.Delay(by, _clock, ct);
        return await deliver(ct);
    });

    /// <summary>
    /// The next delivery that fits changes places with the one after it. The sidecar is told at once that the app took it, so that the next one comes;
    /// what the app answers to it counts no more.
    /// </summary>
    public void Reorder(string? to = null, string? topic = null)
    {
        Func<CancellationToken, Task<HttpResponseMessage>>? held = null;
        Add(1, to, topic, (deliver, _) =>
        {
            held = deliver;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("") });
        });
        Add(1, to, topic, async (deliver, ct) =>
        {
            var answer = await deliver(ct);
            if (held is not null)
            {
                using var late = await held(ct);
            }

            return answer;
        });
    }

    /// <summary>The state store or pub/sub component fails the next calls of every sidecar.</summary>
    public void Fail(string component, int times = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(component);
        lock (_lock)
        {
            _failing[component] = _failing.GetValueOrDefault(component) + times;
        }
    }

    /// <summary>The app and its sidecar cannot reach each other until the answer is disposed.</summary>
    public IDisposable CutOff(string appId)
    {
        ArgumentException.ThrowIfNullOrEmpty(appId);
        _cutOff.AddOrUpdate(appId, 1, (_, cuts) => cuts + 1);
        return new Healing(() => _cutOff.AddOrUpdate(appId, 0, (_, cuts) => cuts - 1));
    }

    /// <summary>Turns all switches off, cut-off apps aside.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _deliveries.Clear();
            _failing.Clear();
        }
    }

    public void Dispose() => _closing.Dispose();

    internal bool IsCutOff(string appId) => !_cutOff.IsEmpty && _cutOff.GetValueOrDefault(appId) > 0;

    /// <summary>What is still held back fails, so that a mesh can stop.</summary>
    internal void Close()
    {
        Clear();
        _closing.Cancel();
    }

    /// <exception cref="IOException">A switch says that the component fails.</exception>
    internal void BeforeUse(string component)
    {
        lock (_lock)
        {
            if (!_failing.TryGetValue(component, out var left) || left <= 0)
            {
                return;
            }

            _failing[component] = left - 1;
        }

        throw new IOException($"{component} fails, as a test asked for");
    }

    internal async Task<HttpResponseMessage> DeliverAsync(
        IReadOnlyList<DeliveredEvent> events, Func<CancellationToken, Task<HttpResponseMessage>> deliver, Action notDelivered, CancellationToken ct)
    {
        if (Take(events) is not { } fault)
        {
            return await deliver(ct);
        }

        if (fault.SkipsApp)
        {
            notDelivered();
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _closing.Token);
        try
        {
            return await fault.Run(deliver, either.Token);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The mesh stops.");
        }
    }

    private DeliveryFault? Take(IReadOnlyList<DeliveredEvent> events)
    {
        lock (_lock)
        {
            var fault = _deliveries.Find(each => events.Any(each.Fits));
            if (fault is not null && --fault.Left == 0)
            {
                _deliveries.Remove(fault);
            }

            return fault;
        }
    }

    private void Add(
        int times, string? to, string? topic,
        Func<Func<CancellationToken, Task<HttpResponseMessage>>, CancellationToken, Task<HttpResponseMessage>> run, bool skipsApp = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        lock (_lock)
        {
            _deliveries.Add(new DeliveryFault(
                each => (to is null || each.AppId == to) && (topic is null || each.Topic == topic), run, skipsApp) { Left = times });
        }
    }

    private sealed class DeliveryFault(
        Predicate<DeliveredEvent> fits, Func<Func<CancellationToken, Task<HttpResponseMessage>>, CancellationToken, Task<HttpResponseMessage>> run, bool skipsApp)
    {
        public int Left { get; set; }

        public bool SkipsApp => skipsApp;

        public bool Fits(DeliveredEvent delivered) => fits(delivered);

        public Task<HttpResponseMessage> Run(Func<CancellationToken, Task<HttpResponseMessage>> deliver, CancellationToken ct) => run(deliver, ct);
    }

    private sealed class Healing(Action heal) : IDisposable
    {
        private Action? _heal = heal;

        public void Dispose() => Interlocked.Exchange(ref _heal, null)?.Invoke();
    }
}
