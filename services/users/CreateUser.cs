using System.ComponentModel.DataAnnotations;
using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults.Identity;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace DaprMesh.Users;

/// <summary>Creates a user for somebody else: with a password, or without one for a person who will log in by access code.</summary>
internal static class CreateUser
{
    public static async Task<Results<Created<User>, ProblemHttpResult>> Handle(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        CurrentUser caller, Accounts accounts, StateStore<User> users, TimeProvider clock, CancellationToken ct)
    {
        var roles = request.Roles is { Count: > 0 } given ? [.. given.Distinct(StringComparer.Ordinal)] : new[] { Roles.Student };
        if (roles.Except(Roles.All, StringComparer.Ordinal).Any())
        {
            return Refusals.UnknownRole.ToProblem();
        }

        if (!Rank.MayServe(caller, roles))
        {
            return Refusals.HigherRole.ToProblem();
        }

        var now = clock.GetUtcNow();
        var details = new UserDetails(request.Username ?? request.Email!, request.Email, request.FullName, request.Phone, request.TelegramName);
        var id = UserId.For(idempotencyKey, details.Username, now);
        var isRepeated = idempotencyKey is not null && await accounts.FindAsync(id, ct) is not null;
        if (!isRepeated && await accounts.PutAsync(id, new AccountInput(details.Username, details.Email, details.FullName, roles, request.Password), ct) is { } refusal)
        {
            return refusal.ToProblem();
        }

        var once = Once.Of(idempotencyKey, request with { Password = null }, UsersJson.Default.CreateUserRequest, caller.Id);
        return (await users.SaveAsync(id, found => found?.Is(details, now) ?? User.Create(id, details, roles, now), once, ct)).ToCreated(user => $"/api/v1/users/{user.Id}");
    }

    /// <param name="Username">Needed when there is no e-mail.</param>
    public sealed record Request(
        [property: Required, StringLength(120, MinimumLength = 1)] string FullName,
        [property: StringLength(64, MinimumLength = 3), RegularExpression("^[A-Za-z0-9._-]+$", ErrorMessage = "A username has letters, digits, dots, dashes and underscores.")] string? Username = null,
        [property: EmailAddress, StringLength(254)] string? Email = null,
        [property: Phone, StringLength(40)] string? Phone = null,
        [property: StringLength(64)] string? TelegramName = null,
        IReadOnlyList<string>? Roles = null,
        [property: StringLength(128, MinimumLength = 8)] string? Password = null) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Username is null && Email is null)
            {
                yield return new ValidationResult("Give a username or an e-mail address.", [nameof(Username)]);
            }
        }
    }
}
