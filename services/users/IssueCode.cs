using System.ComponentModel.DataAnnotations;
using DaprMesh.ServiceDefaults.Identity;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DaprMesh.Users;

internal static class IssueCode
{
    public static async Task<Results<Created<Issued>, ProblemHttpResult>> Handle(
        string id, Request request, CurrentUser caller, Profiles profiles, StateStore<AccessCode> codes, IOptions<UsersOptions> options, TimeProvider clock,
        CancellationToken ct)
    {
        if (await profiles.EnsureAsync(id, ct) is not { State: var user })
        {
            return Refusals.UnknownUser(id).ToProblem();
        }

        if (!Rank.MayServe(caller, user.Roles))
        {
            return Refusals.HigherRole.ToProblem();
        }

        var now = clock.GetUtcNow();
        var text = AccessCode.NewText();
        var key = AccessCode.KeyOf(text)!; // a text of our own making is one
        var lifetime = request.Hours is { } hours ? TimeSpan.FromHours(hours) : options.Value.AccessCodeLifetime;
        var code = new AccessCode(key, id, text[^4..], request.Unlimited ? null : request.MaxUses, 0, [], now, now + lifetime, null);
        await codes.CreateAsync(key, Decision.Change(code), ct);
        return TypedResults.Created($"/api/v1/users/{id}/access-codes/{key}", new Issued(text, CodeView.Of(code, now)));
    }

    /// <param name="MaxUses">How often the code may be used.</param>
    /// <param name="Unlimited">The code may be used any number of times until it ends.</param>
    /// <param name="Hours">How long the code lasts; the default stands in the settings.</param>
    public sealed record Request([property: Range(1, 1000)] int MaxUses = 1, bool Unlimited = false, [property: Range(1, 24 * 365)] int? Hours = null);

    /// <param name="Code">The code itself, shown this once.</param>
    public sealed record Issued(string Code, CodeView AccessCode);
}
