using DaprMesh.Contracts;
using DaprMesh.ServiceDefaults.Identity;

namespace DaprMesh.Users;

/// <summary>Keeps people from making themselves more than they are: by a user with a higher role, or by that user's access code.</summary>
internal static class Rank
{
    private static readonly string[] Served = [Roles.Customer, Roles.Student];

    /// <summary>Customers and students may be served by anyone with the route's permission, others only by those who may give roles.</summary>
    public static bool MayServe(CurrentUser caller, IReadOnlyList<string> roles) =>
        roles.All(role => Served.Contains(role, StringComparer.Ordinal)) || caller.Has(Permissions.AccountsRoles);
}
