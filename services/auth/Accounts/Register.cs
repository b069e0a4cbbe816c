using DaprMesh.Auth.Logins;
using DaprMesh.Auth.Passwords;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Accounts;

internal static class Register
{
    /// <summary>Roles are nobody's own choice: what else the body says is not looked at.</summary>
    public sealed record Request(string? Username, string? Password, string? Email = null, string? FullName = null) : IFormInput<Request>
    {
        public static Request Of(IFormCollection form) =>
            new(form.One("username"), form.One("password"), form.One("email"), form.One("fullName") ?? form.One("full_name"));
    }

    public static async Task<Results<Created<AccountView>, ValidationProblem, ProblemHttpResult>> Handle(
        Input<Request> input, HttpContext http, AuthDatabase database, PasswordHashing passwords, IOptions<AuthOptions> options, AuthMetrics metrics,
        TimeProvider clock, CancellationToken ct)
    {
        var request = input.Value;
        var email = string.IsNullOrWhiteSpace(request.Email) ? null : request.Email.Trim();
        var faults = AccountRules.Faults(request.Username, email, request.FullName);
        faults.AddPasswordFault("password", request.Password, request.Username);
        if (faults.Count > 0)
        {
            return TypedResults.ValidationProblem(faults);
        }

        var origin = Origin.Of(http);
        var now = clock.GetUtcNow();
        if (!await database.WriteAsync(session => session.TakeRegistration(origin.Address, now, options.Value)))
        {
            return Outcome<Account>.Wait(Refusals.TooManyRegistrations, TimeSpan.FromHours(1)).ToProblem(http);
        }

        // Before the look at the name: it takes as long for a name that is taken.
        var hash = await passwords.HashAsync(request.Password!, ct); // checked above
        now = clock.GetUtcNow();
        var account = new Account(
            Ids.New("usr", now), request.Username!.Trim(), email, request.FullName?.Trim() ?? "", hash, [Roles.Customer], 1, false, now, now);
        var outcome = await database.WriteAsync(session => session.Register(account, origin, now));
        if (outcome.Value is not { } registered)
        {
            return outcome.ToProblem(http);
        }

        metrics.Registered();
        return TypedResults.Created($"/api/v1/auth/accounts/{registered.Id}", AccountView.Of(registered));
    }
}
