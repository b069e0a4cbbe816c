using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Passwords;

/// <summary>
/// Hashes and checks passwords on threads of its own, so that no request waits behind a hash for its thread. There are as many as processors,
/// they give way to everything else, and who comes when too many wait is sent away at once.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    private static readonly object Anybody = new();
    private readonly BlockingCollection<Action> _waiting;
    private readonly Thread[] _workers;
    private readonly PasswordHasher<object> _hasher;
    private readonly string _nobodysHash;
    private readonly int _iterations;

    public PasswordHashing(IOptions<AuthOptions> options)
    {
        _iterations = options.Value.PasswordIterations;
        _hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = _iterations }));
        _nobodysHash = HashOfNothing(_iterations);
        _waiting = new BlockingCollection<Action>(options.Value.HashingQueue);
        var count = options.Value.HashingWorkers > 0 ? options.Value.HashingWorkers : Environment.ProcessorCount;
        _workers = [.. Enumerable.Range(0, count).Select(number => new Thread(Work) { IsBackground = true, Name = $"password {number}" })];
        Array.ForEach(_workers, worker => worker.Start());
    }

    /// <summary>How many wait for a thread.</summary>
    public int Waiting => _waiting.Count;

    public Task<string> HashAsync(string password, CancellationToken ct) => RunAsync(() => _hasher.HashPassword(Anybody, password), ct);

    /// <summary>
    /// Whether it is the password of the hash. The work is the same whatever the answer is, also for an account that is not there (null) and for
    /// a hash of a lower cost.
    /// </summary>
    public Task<PasswordVerdict> VerifyAsync(string? hash, string password, CancellationToken ct) => RunAsync(() => Verify(hash, password), ct);

    public void Dispose()
    {
        _waiting.CompleteAdding();
        Array.ForEach(_workers, worker => worker.Join());
        _waiting.Dispose();
    }

    private PasswordVerdict Verify(string? hash, string password)
    {
        switch (_hasher.VerifyHashedPassword(Anybody, hash ?? _nobodysHash, password))
        {
            case PasswordVerificationResult.Success when hash is not null:
                return new PasswordVerdict(true, null);
            case PasswordVerificationResult.SuccessRehashNeeded when hash is not null:
                return new PasswordVerdict(true, _hasher.HashPassword(Anybody, password));
            default:
                var missing = _iterations - Iterations(hash ?? _nobodysHash);
                if (missing > 0)
                {
                    Rfc2898DeriveBytes.Pbkdf2(password, new byte[16], missing, HashAlgorithmName.SHA512, 32);
                }

                return new PasswordVerdict(false, null);
        }
    }

    /// <summary>Looks like a hash in Identity's third format and is none: checking a password against it costs what it always costs.</summary>
    private static string HashOfNothing(int iterations)
    {
        const int Salt = 16;
        const int Subkey = 32;
        var bytes = new byte[13 + Salt + Subkey];
        RandomNumberGenerator.Fill(bytes.AsSpan(13));
        bytes[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), 2); // HMAC-SHA512
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), iterations);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(9), Salt);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>The cost that a hash was made at: Identity writes it after a byte for the format and four for the algorithm.</summary>
    private static int Iterations(string hash)
    {
        Span<byte> bytes = stackalloc byte[128];
        return Convert.TryFromBase64String(hash, bytes, out var length) && length > 9 ? BinaryPrimitives.ReadInt32BigEndian(bytes[5..]) : 0;
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken ct)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Job()
        {
            if (ct.IsCancellationRequested)
            {
                done.TrySetCanceled(ct);
                return;
            }

            try
            {
                done.TrySetResult(work());
            }
#pragma warning disable CA1031 // It belongs to the caller, and the thread goes on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.TrySetException(e);
            }
        }

        bool isTaken;
        try
        {
            isTaken = _waiting.TryAdd(Job, 0, CancellationToken.None);
        }
        catch (InvalidOperationException) // stopping
        {
            isTaken = false;
        }

        return isTaken ? await done.Task : throw new TooManyPasswordsException();
    }

    private void Work()
    {
        ThreadPriorityOfSystem.GiveWay();
        foreach (var job in _waiting.GetConsumingEnumerable())
        {
            job();
        }
    }
}

/// <summary>What came of checking a password.</summary>
/// <param name="NewHash">A hash at today's cost to keep in place of the old one.</param>
internal sealed record PasswordVerdict(bool IsRight, string? NewHash);

/// <summary>More passwords wait to be hashed than the service takes on.</summary>
internal sealed class TooManyPasswordsException() : Exception("Too many passwords wait to be checked.");
