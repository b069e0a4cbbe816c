using System.ComponentModel.DataAnnotations;
using DaprMesh.State;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprMesh.Users;

internal static class ListUsers
{
    /// <summary>So many users are looked through for one page; a search that finds little gives a short page and goes on from its cursor.</summary>
    private const int Looked = 2000;

    public static async Task<Results<Ok<Page<User>>, ProblemHttpResult>> Handle(
        StateStore<User> users, [AsParameters] PageRequest page, CancellationToken ct, [StringLength(200)] string? search = null, string? role = null)
    {
        var words = (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var limit = page.Limit ?? PageRequest.DefaultLimit;
        var found = new List<User>(limit);
        var cursor = page.Cursor;
        var looked = 0;
        do
        {
            if (await users.ListAsync("all", "", new PageRequest(cursor, limit - found.Count), ct) is not { } some)
            {
                return DecisionResults.ToOk((Page<User>?)null);
            }

            found.AddRange(some.Items.Where(user => user.Matches(words, role)));
            looked += some.Items.Count;
            cursor = some.NextCursor;
        }
        while (cursor is not null && found.Count < limit && looked < Looked);

        return TypedResults.Ok(new Page<User>(found, cursor));
    }
}
