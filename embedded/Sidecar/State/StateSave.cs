using DaprMesh.Sidecar.Resiliency;

namespace DaprMesh.Sidecar.State;

/// <summary>Independent writes to one store under its resiliency policy: a retry repeats those that failed, but not those refused for their ETag.</summary>
internal sealed class StateSave(IStateStore store, StateOperation[] operations)
{
    private readonly bool _many = operations.Length > 1;
    private StateOperation[] _left = operations;

    public async Task RunAsync(Policy policy, CancellationToken ct)
    {
        if (policy.IsNone)
        {
            await AttemptAsync(ct);
            return;
        }

        await policy.RunAsync(
            async attempt =>
            {
                try
                {
                    await AttemptAsync(attempt);
                    return true;
                }
                catch (ETagMismatchException e) when (!_many || _left.Length == 0)
                {
                    throw new PermanentException(e);
                }
            },
            ct);
    }

    private async Task AttemptAsync(CancellationToken ct)
    {
        if (!_many)
        {
            await store.RunAsync(_left[0], ct);
            return;
        }

        var attempted = _left;
        var faults = await Task.WhenAll(Array.ConvertAll(attempted, operation => RunOneAsync(operation, ct)));
        _left = [.. attempted.Where((_, i) => faults[i] is not (null or ETagMismatchException))];
        if (Array.TrueForAll(faults, fault => fault is null))
        {
            return;
        }

        // daprd answers with the first ETag error there is, or with all of them when there is no other error.
        var texts = string.Join('\n', faults.Where(fault => fault is not null).Select(fault => fault!.Message));
        throw _left.Length == 0
            ? new ETagMismatchException(texts)
            : (Exception?)Array.Find(faults, fault => fault is ETagMismatchException) ?? new StateStoreException(texts);
    }

    private async Task<Exception?> RunOneAsync(StateOperation operation, CancellationToken ct)
    {
        try
        {
            await store.RunAsync(operation, ct);
            return null;
        }
#pragma warning disable CA1031 // One item's failure is told with those of the others.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return e;
        }
    }
}
