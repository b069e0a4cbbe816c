using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;

namespace DaprMesh.Auth.Rights;

/// <summary>Which role may do what.</summary>
internal static class RoleTable
{
    private const string Seeded = "role-permissions";

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> RolePermissions(this DbSession session)
    {
        var roles = Roles.All.ToDictionary(role => role, _ => new List<string>(), StringComparer.Ordinal);
        foreach (var (role, permission) in session.Query(
            "SELECT role, permission FROM role_permissions ORDER BY role, permission", row => (row.GetString(0), row.GetString(1))))
        {
            if (roles.TryGetValue(role, out var permissions))
            {
                permissions.Add(permission);
            }
        }

        return roles.ToDictionary(role => role.Key, role => (IReadOnlyList<string>)role.Value, StringComparer.Ordinal);
    }

    public static void ReplacePermissions(this DbSession session, string role, IEnumerable<string> permissions)
    {
        session.Execute("DELETE FROM role_permissions WHERE role = @role", ("role", role));
        foreach (var permission in permissions.Distinct(StringComparer.Ordinal))
        {
            Add(session, role, permission);
        }
    }

    /// <summary>
    /// Fills the table at the first start. Later only permissions are added that the table has never heard of, so that what an administrator
    /// took from a role stays taken. An administrator may do everything.
    /// </summary>
    public static bool SeedPermissions(this DbSession session)
    {
        var known = session.Text("SELECT value FROM facts WHERE name = @name", ("name", Seeded))?.Split(' ') ?? [];
        string[] added = [.. Permissions.All.Except(known)];
        if (added.Length == 0)
        {
            return false;
        }

        foreach (var (role, permissions) in Permissions.Defaults)
        {
            foreach (var permission in permissions.Intersect(added))
            {
                Add(session, role, permission);
            }
        }

        session.Execute(
            "INSERT INTO facts (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = @value",
            ("name", Seeded), ("value", string.Join(' ', known.Union(added))));
        return true;
    }

    private static void Add(DbSession session, string role, string permission) => session.Execute(
        "INSERT INTO role_permissions (role, permission) VALUES (@role, @permission) ON CONFLICT DO NOTHING",
        ("role", role), ("permission", permission));
}
