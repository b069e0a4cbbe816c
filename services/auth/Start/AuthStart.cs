using System.Security.Cryptography;
using DaprMesh.Auth.Accounts;
using DaprMesh.Auth.Feed;
using DaprMesh.Auth.Keys;
using DaprMesh.Auth.Passwords;
using DaprMesh.Auth.Rights;
using DaprMesh.Auth.Storage;
using DaprMesh.Contracts;
using Microsoft.Extensions.Options;

namespace DaprMesh.Auth.Start;

/// <summary>
/// What has to be there before the first request: the schema, the table of roles, a key to sign with, an administrator. Replicas may start at
/// the same moment; each step looks again inside its transaction.
/// </summary>
internal sealed class AuthStart(
    AuthDatabase database, KeyRing keys, SecretReader secrets, PasswordHashing passwords, [FromKeyedServices(AuthStart.Output)] TextWriter output,
    IOptions<AuthOptions> options, TimeProvider clock, ILogger<AuthStart> log) : IHostedLifecycleService
{
    /// <summary>The service key of the standard output, which is not the log.</summary>
    public const string Output = "stdout";

    private const string Administrator = "admin";
    private const string AdministratorFact = "administrator";
    private const string Letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int GeneratedLength = 20;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var applied = await Migrations.ApplyAsync(database, clock);
        log.DatabaseOpened(database.Name, applied);
        await database.WriteAsync(session =>
        {
            if (session.SeedPermissions())
            {
                session.TellChange();
            }
        });

        var isFirst = database.Read(session => session.SigningKeys().Count == 0 || session.Text(FindFact, ("name", AdministratorFact)) is null);
        var given = await secrets.ReadAsync(cancellationToken);
        if (given is null && isFirst)
        {
            throw new InvalidOperationException(
                "The sidecar does not answer, so nobody can say whether a signing key and an administrator's password are given. Start the sidecar, or set Auth__SecretStore to nothing.");
        }

        if (given is null)
        {
            log.SecretsUnknown();
        }

        await AddKeyAsync(given?.SigningKey);
        keys.Load(given?.SigningKey);
        if (isFirst)
        {
            await AddAdministratorAsync(given?.AdminPassword, cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private const string FindFact = "SELECT value FROM facts WHERE name = @name";

    /// <summary>A given key that was not there before follows those that were; without any, the service makes one.</summary>
    private Task AddKeyAsync(string? given) => database.WriteAsync(session =>
    {
        var known = session.SigningKeys();
        var now = clock.GetUtcNow();
        var signsFrom = known.Count == 0 ? now : now.AddSeconds(options.Value.RotationLeadSeconds);
        if (given is not null)
        {
            var key = SigningKey.OfSecret(given, now, signsFrom);
            if (known.TrueForAll(old => old.Id != key.Id))
            {
                session.AddKey(key, Origin.Own, now, options.Value);
            }
        }
        else if (known.TrueForAll(key => key.PrivateKey is null))
        {
            session.AddKey(SigningKey.Create(now, now), Origin.Own, now, options.Value);
        }
    });

    private async Task AddAdministratorAsync(string? given, CancellationToken ct)
    {
        if (PasswordRules.Fault(given, Administrator) is { } fault && given is not null)
        {
            throw new InvalidOperationException($"The secret admin-password cannot be used: {fault}");
        }

        var password = given ?? RandomNumberGenerator.GetString(Letters, GeneratedLength);
        var hash = await passwords.HashAsync(password, ct);
        var now = clock.GetUtcNow();
        var account = new Account(Ids.New("usr", now), Administrator, null, "Administrator", hash, [Roles.Admin], 1, false, now, now);
        var isAdded = await database.WriteAsync(session =>
        {
            if (session.Text(FindFact, ("name", AdministratorFact)) is not null)
            {
                return false;
            }

            session.Execute("INSERT INTO facts (name, value) VALUES (@name, @value)", ("name", AdministratorFact), ("value", account.Id));
            return session.Register(account, Origin.Own, now).Value is not null;
        });
        if (isAdded && given is null)
        {
            await output.WriteLineAsync($"notice: The administrator is {Administrator}, the password is {password} (shown only now).");
            await output.FlushAsync(ct);
        }
    }
}
