using System.ComponentModel.DataAnnotations;

namespace DaprMesh.Auth;

internal sealed class AuthOptions
{
    /// <summary>The SQLite file; a path that is not full lies in <see cref="DataPath"/>.</summary>
    [Required]
    public string Database { get; set; } = "auth.db";

    /// <summary>The folder of the database; empty: the mesh's data folder, or <c>data</c> below the content root.</summary>
    public string DataPath { get; set; } = "";

    /// <summary>The Dapr secret store that may hold <c>auth-signing-key</c> and <c>admin-password</c>; empty: none is asked.</summary>
    public string SecretStore { get; set; } = "secretstore";

    /// <summary>How long a start waits for the sidecar before it says that the secrets cannot be had.</summary>
    [Range(1, 600)]
    public int SecretPatienceSeconds { get; set; } = 30;

    /// <summary>The life of an access token; also read from ACCESS_TOKEN_EXPIRE_MINUTES.</summary>
    [Range(1, 24 * 60)]
    public int AccessTokenMinutes { get; set; } = 15;

    /// <summary>The life of a refresh token that is not used; also read from REFRESH_TOKEN_EXPIRE_DAYS.</summary>
    [Range(1, 366)]
    public int RefreshTokenDays { get; set; } = 30;

    /// <summary>How long a refresh token may be presented again by a client that lost the answer.</summary>
    [Range(0, 60)]
    public int RefreshGraceSeconds { get; set; } = 10;

    /// <summary>The cost of a password hash, in rounds of PBKDF2 with HMAC-SHA512. A login after a raise brings the account's hash up to it.</summary>
    [Range(1_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>Threads that hash passwords; 0: one for each processor.</summary>
    [Range(0, 256)]
    public int HashingWorkers { get; set; }

    /// <summary>Passwords that may wait for a thread; further ones are answered 503.</summary>
    [Range(1, 100_000)]
    public int HashingQueue { get; set; } = 128;

    /// <summary>Failures in a row that lock an account.</summary>
    [Range(1, 1_000)]
    public int AccountFailures { get; set; } = 5;

    /// <summary>The first lock of an account; each failure after it doubles the next one.</summary>
    [Range(1, 3_600)]
    public int LockSeconds { get; set; } = 30;

    /// <summary>The longest lock of an account.</summary>
    [Range(1, 86_400)]
    public int LockMaxSeconds { get; set; } = 900;

    /// <summary>Failures from one address within the window that block it.</summary>
    [Range(1, 1_000_000)]
    public int AddressFailures { get; set; } = 50;

    /// <summary>Different names that failed from one address within the window that block it: one password tried on many accounts.</summary>
    [Range(1, 1_000_000)]
    public int AddressNames { get; set; } = 10;

    [Range(1, 86_400)]
    public int AddressWindowSeconds { get; set; } = 600;

    [Range(1, 86_400)]
    public int AddressBlockSeconds { get; set; } = 300;

    /// <summary>Accounts that one address may register in an hour.</summary>
    [Range(1, 1_000_000)]
    public int RegistrationsPerHour { get; set; } = 60;

    /// <summary>The age at which the signing key is replaced.</summary>
    [Range(1, 3_650)]
    public int SigningKeyDays { get; set; } = 30;

    /// <summary>How long before its first signature a key that follows by age is published.</summary>
    [Range(1, 1_440)]
    public int SigningKeyLeadMinutes { get; set; } = 60;

    /// <summary>The same for a key that somebody asked for: long enough for every service to hear of it.</summary>
    [Range(0, 3_600)]
    public int RotationLeadSeconds { get; set; } = 1;

    /// <summary>Apps that may have any token validated, and any user's permissions checked.</summary>
    public IList<string> ValidateCallers { get; } = ["web", "users", "catalog", "cart", "orders", "payments", "crm", "bot"];

    public TimeSpan AccessTokenLife => TimeSpan.FromMinutes(AccessTokenMinutes);

    public TimeSpan RefreshTokenLife => TimeSpan.FromDays(RefreshTokenDays);

    /// <summary>How long after a change tokens from before it may still be about, with the clocks' difference.</summary>
    public TimeSpan Overlap => AccessTokenLife + TimeSpan.FromMinutes(1);
}
