using System.Net;
using DaprMesh.Contracts;
using DaprMesh.State;
using Dapr.Client;

namespace DaprMesh.Users;

/// <summary>The accounts of the auth service, which owns what a person logs in with.</summary>
internal sealed class Accounts(DaprClient dapr)
{
    private readonly HttpClient _auth = dapr.CreateInvokableHttpClient(AppIds.Auth);

    /// <summary>Makes the account or brings it to what is asked; the same again changes nothing.</summary>
    /// <returns>Null, or why auth refuses it: a name that is taken, a password that is too weak.</returns>
    public async Task<Refusal?> PutAsync(string id, AccountInput account, CancellationToken ct)
    {
        using var response = await _auth.PutAsJsonAsync(Path(id), account, UsersJson.Default.AccountInput, ct);
        if (response.IsSuccessStatusCode)
        {
            return null;
        }

        RefusalKind? kind = response.StatusCode switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => RefusalKind.Invalid,
            HttpStatusCode.Conflict => RefusalKind.Conflict,
            HttpStatusCode.TooManyRequests => RefusalKind.TooMany,
            _ => null,
        };
        if (kind is null || await response.Content.ReadFromJsonAsync(UsersJson.Default.AuthProblem, ct) is not { Sentence: { } sentence } problem)
        {
            throw new HttpRequestException($"auth answered {(int)response.StatusCode} to {response.RequestMessage?.Method}", null, response.StatusCode);
        }

        return new Refusal(kind.Value, problem.Code ?? "account.refused", sentence);
    }

    /// <summary>The account as auth has it; null when there is none.</summary>
    public async Task<AccountView?> FindAsync(string id, CancellationToken ct)
    {
        if (!UserId.IsOne(id))
        {
            return null;
        }

        using var response = await _auth.GetAsync(Path(id), ct);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(UsersJson.Default.AccountView, ct);
    }

    /// <summary>Ends the account and its sessions. An account that is gone is no fault.</summary>
    public async Task DeleteAsync(string id, CancellationToken ct)
    {
        using var response = await _auth.DeleteAsync(Path(id), ct);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            response.EnsureSuccessStatusCode();
        }
    }

    private static Uri Path(string id) => new($"/internal/accounts/{Uri.EscapeDataString(id)}", UriKind.Relative);
}

/// <param name="RegisteredFrom">The address of a person who registers, as auth lets only so many come from one.</param>
internal sealed record AccountInput(string Username, string? Email, string FullName, IReadOnlyList<string> Roles, string? Password, string? RegisteredFrom = null);

internal sealed record AccountView(string UserId, string Username, string? Email, string FullName, IReadOnlyList<string> Roles);

internal sealed record AuthProblem(string? Code, string? Detail, IReadOnlyDictionary<string, string[]>? Errors)
{
    /// <summary>What is wrong, field by field when auth says so.</summary>
    public string? Sentence => Errors is { Count: > 0 } errors ? string.Join(' ', errors.SelectMany(member => member.Value)) : Detail;
}
