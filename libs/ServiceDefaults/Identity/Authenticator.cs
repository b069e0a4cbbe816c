using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace DaprMesh.ServiceDefaults.Identity;

/// <summary>Finds out who a request comes from.</summary>
internal sealed class Authenticator(TokenVerifier verifier, SecurityFeedClient security, IOptions<IdentityOptions> options)
{
    private const string Scheme = IdentityOptions.Scheme + " ";
    private readonly TokenCache _cache = new(options.Value.CachedTokens);

    public ValueTask<Identified> IdentifyAsync(HttpContext http)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count != 1)
        {
            return ValueTask.FromResult(header.Count == 0 ? Identified.WithoutToken : Identified.As(IdentityFailure.Invalid));
        }

        var value = header[0].AsSpan();
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return ValueTask.FromResult(Identified.WithoutToken);
        }

        return Find(value[Scheme.Length..]) is { } found
            ? ValueTask.FromResult(found)
            : VerifyAsync(header[0]!, http.RequestAborted); // one value that begins with the scheme
    }

    /// <summary>Whose token this is, wherever it came from.</summary>
    public ValueTask<Identified> IdentifyAsync(string token, CancellationToken ct) =>
        Find(token) is { } found ? ValueTask.FromResult(found) : VerifyAsync(Scheme + token, ct);

    private Identified? Find(ReadOnlySpan<char> token) => _cache.TryFind(token, out var remembered)
        ? verifier.WhenInTime(remembered.Token).Failure is { } failure ? Identified.As(failure) : remembered.Judge(security.State)
        : null;

    private async ValueTask<Identified> VerifyAsync(string header, CancellationToken ct)
    {
        if (!await security.IsReadyAsync(ct))
        {
            return Identified.As(IdentityFailure.Unavailable);
        }

        var check = Check(header);
        if (check.IsUnknownKey)
        {
            // Made by a key that this service will hear of in a moment, or by someone else.
            var isFresh = await security.RefreshAsync(ct);
            check = Check(header);
            if (check.IsUnknownKey)
            {
                check = isFresh ? IdentityFailure.Invalid : IdentityFailure.Unavailable;
            }
        }

        if (check.Token is not { } token)
        {
            return Identified.As(check.Failure ?? IdentityFailure.Invalid);
        }

        var remembered = new RememberedToken(token);
        _cache.Add(header[Scheme.Length..], remembered);
        return remembered.Judge(security.State);
    }

    private TokenCheck Check(string header) => verifier.Verify(header.AsSpan(Scheme.Length), security.State);
}
