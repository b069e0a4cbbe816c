using System.ComponentModel.DataAnnotations;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Users;

/// <summary>Uses an access code for a log-in. Wrong ones are counted for each client, whatever app it comes through.</summary>
internal static class ValidateCode
{
    public static async Task<Results<Ok<Answer>, ProblemHttpResult>> Handle(
        Request request, StateStore<AccessCode> codes, StateStore<User> users, StateStore<CodeAttempts> attempts, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var client = CodeAttempts.KeyOf(request.Client);
        var before = await attempts.FindAsync(client, ct) ?? CodeAttempts.None(client);
        if (before.Wait(now) is var wait && wait > TimeSpan.Zero)
        {
            return Refusals.TooManyCodes(wait).ToProblem();
        }

        if (AccessCode.KeyOf(request.Code) is { } key
            && await codes.UpdateAsync(key, code => code.Use(request.AttemptId, now), ct) is not Decision<AccessCode>.Refused
            && await codes.FindAsync(key, ct) is { } used
            && await users.FindAsync(used.UserId, ct) is { } user)
        {
            return TypedResults.Ok(new Answer(user.Id, user.Username, user.FullName, user.Roles));
        }

        await attempts.SaveAsync(client, found => (found ?? CodeAttempts.None(client)).Failed(now), null, ct);
        return Refusals.WrongCode.ToProblem();
    }

    /// <param name="AttemptId">Names the log-in: the same one may ask again when it missed the answer.</param>
    /// <param name="Client">Who tries: an address, a chat.</param>
    public sealed record Request(
        [property: Required, StringLength(64, MinimumLength = 1)] string Code,
        [property: Required, StringLength(128, MinimumLength = 1)] string AttemptId,
        [property: StringLength(128)] string Client = "");

    /// <summary>Whose code it was.</summary>
    public sealed record Answer(string UserId, string Username, string FullName, IReadOnlyList<string> Roles);
}
