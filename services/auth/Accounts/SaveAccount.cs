using System.Text.RegularExpressions;
using DaprMesh.Auth.Logins;
using DaprMesh.Auth.Passwords;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Accounts;

/// <summary>For the service users: makes the account of a person be as told. The same again changes nothing.</summary>
internal static partial class SaveAccount
{
    /// <param name="Password">Null: the account keeps the one it has, or has none.</param>
    /// <param name="RegisteredFrom">The address of a person who registers; only so many accounts come from one. Null: somebody with the right to do so makes the account.</param>
    public sealed record Request(
        string? Username, string? Email, string? FullName, IReadOnlyList<string>? Roles, string? Password = null, string? RegisteredFrom = null);

    public static async Task<Results<Ok<AccountView>, ValidationProblem, ProblemHttpResult>> Handle(
        string id, Request request, HttpContext http, AuthDatabase database, PasswordHashing passwords, IOptions<AuthOptions> options, TimeProvider clock,
        CancellationToken ct)
    {
        var email = string.IsNullOrWhiteSpace(request.Email) ? null : request.Email.Trim();
        var faults = AccountRules.Faults(request.Username, email, request.FullName);
        if (!Id().IsMatch(id))
        {
            faults["id"] = ["An account's id begins with usr_."];
        }

        if (request.Password is not null)
        {
            faults.AddPasswordFault("password", request.Password, request.Username);
        }

        if (AccountRules.Known(request.Roles ?? [Roles.Customer]) is not { } roles)
        {
            faults["roles"] = ["One of the roles does not exist."];
            return TypedResults.ValidationProblem(faults);
        }

        if (faults.Count > 0)
        {
            return TypedResults.ValidationProblem(faults);
        }

        var known = database.Read(session => session.FindAccount(id));
        var now = clock.GetUtcNow();
        if (known is null && Origin.Normal(request.RegisteredFrom) is { } address
            && !await database.WriteAsync(session => session.TakeRegistration(address, now, options.Value)))
        {
            return Outcome<Account>.Wait(Refusals.TooManyRegistrations, TimeSpan.FromHours(1)).ToProblem(http);
        }

        // The password of an account that has it already is not set again: a repeated request must not end sessions.
        var hash = request.Password is { } password
            && !(known?.PasswordHash is { } old && (await passwords.VerifyAsync(old, password, ct)).IsRight)
            ? await passwords.HashAsync(password, ct)
            : null;
        var origin = Origin.Of(http);
        var wanted = new Account(id, request.Username!.Trim(), email, request.FullName?.Trim() ?? "", hash, roles, 1, false, now, now); // checked above
        var outcome = await database.WriteAsync(session => session.Save(wanted, keepRoles: request.Roles is null, origin, now, options.Value));
        return outcome.Value is { } saved ? TypedResults.Ok(AccountView.Of(saved)) : outcome.ToProblem(http);
    }

    [GeneratedRegex("^usr_[0-9A-Za-z_-]{1,64}$")]
    private static partial Regex Id();
}
