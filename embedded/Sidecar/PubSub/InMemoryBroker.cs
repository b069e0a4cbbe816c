using System.Collections.Immutable;

namespace DaprMesh.Sidecar.PubSub;

/// <summary>The subscriptions of one in-memory component, shared by the sidecars of a process that name it the same.</summary>
internal sealed class InMemoryBroker
{
    private ImmutableArray<Subscriber> _subscribers = [];

    public IAsyncDisposable Add(string topic, bool isConcurrent, MessageHandler handler)
    {
        var subscriber = new Subscriber(this, topic, isConcurrent, handler);
        ImmutableInterlocked.Update(ref _subscribers, list => list.Add(subscriber));
        return subscriber;
    }

    public IEnumerable<Subscriber> Find(string topic) => _subscribers.Where(subscriber => subscriber.Matches(topic));

    /// <summary>One subscription: takes a message when it is free and handles it beside its publisher.</summary>
    internal sealed class Subscriber(InMemoryBroker broker, string pattern, bool isConcurrent, MessageHandler handler) : IAsyncDisposable
    {
        private readonly SemaphoreSlim _turn = new(1);
        private readonly CancellationTokenSource _closing = new();
        private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _users = 1; // its own entry, given back when it closes

        public bool Matches(string topic) => pattern.EndsWith('*')
            ? topic.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
            : topic == pattern;

        /// <summary>Completes when the handler has begun; a closed subscription takes nothing and says nothing.</summary>
        public async ValueTask TakeAsync(PubSubMessage message, CancellationToken ct)
        {
            if (!TryEnter())
            {
                return;
            }

            if (!isConcurrent)
            {
                try
                {
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _closing.Token);
                    await _turn.WaitAsync(either.Token);
                }
                catch (OperationCanceledException)
                {
                    Leave();
                    ct.ThrowIfCancellationRequested();
                    return;
                }
            }

            _ = HandleAsync(message); // counted by TryEnter; closing waits for it
        }

        public async ValueTask DisposeAsync()
        {
            ImmutableInterlocked.Update(ref broker._subscribers, list => list.Remove(this));
            if (!_closing.IsCancellationRequested)
            {
                await _closing.CancelAsync();
                Leave();
            }

            await _idle.Task;
        }

        private async Task HandleAsync(PubSubMessage message)
        {
            await Task.Yield();
            try
            {
                await handler(message, CancellationToken.None);
            }
            finally
            {
                if (!isConcurrent)
                {
                    _turn.Release();
                }

                Leave();
            }
        }

        private bool TryEnter()
        {
            var users = Volatile.Read(ref _users);
            while (users > 0)
            {
                var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
                if (seen == users)
                {
                    return true;
                }

                users = seen;
            }

            return false;
        }

        private void Leave()
        {
            if (Interlocked.Decrement(ref _users) == 0)
            {
                _idle.TrySetResult();
            }
        }
    }
}
