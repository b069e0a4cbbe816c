using System.Data.Common;
using DaprMesh.Auth.Storage;

namespace DaprMesh.Auth.Accounts;

/// <summary>The accounts in the database.</summary>
internal static class AccountTable
{
    private const string Columns = "id, username, email, full_name, password_hash, roles, version, is_blocked, created_at, changed_at";

    public static Account? FindAccount(this DbSession session, string id) =>
        session.First($"SELECT {Columns} FROM accounts WHERE id = @id", Read, ("id", id));

    /// <summary>The account whose user name or e-mail address this is.</summary>
    public static Account? FindAccountByName(this DbSession session, string? key) => session.First(
        $"SELECT {Columns} FROM accounts WHERE id = (SELECT account_id FROM login_names WHERE name = @name)", Read, ("name", key));

    public static bool HasAccountWithRole(this DbSession session, string role, string except = "") => session.Number(
        "SELECT count(*) FROM accounts WHERE is_blocked = 0 AND ' ' || roles || ' ' LIKE '% ' || @role || ' %' AND id <> @except",
        ("role", role), ("except", except)) > 0;

    /// <summary>Whether one of the names belongs to another account.</summary>
    public static bool IsTaken(this DbSession session, Account account) => account.LoginNames.Any(name => session.Number(
        "SELECT count(*) FROM login_names WHERE name = @name AND account_id <> @id", ("name", name), ("id", account.Id)) > 0);

    public static void Insert(this DbSession session, Account account)
    {
        session.Execute(
            $"INSERT INTO accounts ({Columns}) VALUES (@id, @username, @email, @fullName, @passwordHash, @roles, @version, @isBlocked, @createdAt, @changedAt)",
            Values(account));
        InsertNames(session, account);
    }

    public static void Update(this DbSession session, Account account)
    {
        session.Execute(
            """
            UPDATE accounts SET username = @username, email = @email, full_name = @fullName, password_hash = @passwordHash, roles = @roles,
                version = @version, is_blocked = @isBlocked, created_at = @createdAt, changed_at = @changedAt WHERE id = @id
            """,
            Values(account));
        session.Execute("DELETE FROM login_names WHERE account_id = @id", ("id", account.Id));
        InsertNames(session, account);
    }

    public static void DeleteAccount(this DbSession session, string id)
    {
        session.Execute("DELETE FROM login_names WHERE account_id = @id", ("id", id));
        session.Execute("DELETE FROM accounts WHERE id = @id", ("id", id));
    }

    private static void InsertNames(DbSession session, Account account)
    {
        foreach (var name in account.LoginNames)
        {
            session.Execute("INSERT INTO login_names (name, account_id) VALUES (@name, @id)", ("name", name), ("id", account.Id));
        }
    }

    private static (string, object?)[] Values(Account account) =>
    [
        ("id", account.Id), ("username", account.Username), ("email", account.Email), ("fullName", account.FullName),
        ("passwordHash", account.PasswordHash), ("roles", string.Join(' ', account.Roles)), ("version", account.Version),
        ("isBlocked", account.IsBlocked ? 1L : 0L), ("createdAt", account.CreatedAt.ToUnixTimeMilliseconds()),
        ("changedAt", account.ChangedAt.ToUnixTimeMilliseconds()),
    ];

    private static Account Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.TextOrNull(2), row.GetString(3), row.TextOrNull(4),
        row.GetString(5).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetInt64(6), row.Truth(7), row.Time(8), row.Time(9));
}
