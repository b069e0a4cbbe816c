using System.ComponentModel.DataAnnotations;
using DaprMesh.Contracts;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace DaprMesh.Users;

/// <summary>Registers a customer: the account first, then the profile. A crash between the two leaves an account whose profile its event makes.</summary>
internal static class Register
{
    public static async Task<Results<Created<User>, ProblemHttpResult>> Handle(
        Request request, HttpContext http, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        Accounts accounts, StateStore<User> users, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var details = new UserDetails(request.Username ?? request.Email, request.Email, request.FullName ?? request.Username ?? request.Email);
        var id = UserId.For(idempotencyKey, request.Email, now);
        var account = new AccountInput(details.Username, details.Email, details.FullName, [Roles.Customer], request.Password, ClientAddress.Of(http));

        // A repeated registration leaves the account as the first one made it: no password is set twice.
        var isRepeated = idempotencyKey is not null && await accounts.FindAsync(id, ct) is not null;
        if (!isRepeated && await accounts.PutAsync(id, account, ct) is { } refusal)
        {
            return refusal.ToProblem();
        }

        // Without the password: no hash of one is kept where it could be tried out.
        var once = Once.Of(idempotencyKey, request with { Password = "" }, UsersJson.Default.RegisterRequest, "register");
        return (await users.SaveAsync(id, found => found?.Is(details, now) ?? User.Create(id, details, account.Roles, now), once, ct)).ToCreated(user => $"/api/v1/users/{user.Id}");
    }

    /// <summary>Roles are not the caller's to choose: whatever the body says of them is not read.</summary>
    public sealed record Request(
        [property: Required, EmailAddress, StringLength(254)] string Email,
        [property: Required, StringLength(128, MinimumLength = 8)] string Password,
        [property: StringLength(64, MinimumLength = 3), RegularExpression("^[A-Za-z0-9._-]+$", ErrorMessage = "A username has letters, digits, dots, dashes and underscores.")] string? Username = null,
        [property: StringLength(120, MinimumLength = 1)] string? FullName = null);
}
