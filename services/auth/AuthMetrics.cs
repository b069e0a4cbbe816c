using System.Diagnostics.Metrics;
using DaprMesh.Auth.Logins;
using DaprMesh.Auth.Passwords;
using DaprMesh.Auth.Sessions;
using DaprMesh.Auth.Storage;

namespace DaprMesh.Auth;

/// <summary>What can be counted of logins and sessions.</summary>
internal sealed class AuthMetrics
{
    private readonly Counter<long> _logins;
    private readonly Counter<long> _refreshes;
    private readonly Counter<long> _reuses;
    private readonly Counter<long> _bursts;
    private readonly Counter<long> _registrations;

    public AuthMetrics(IMeterFactory meters, AuthDatabase database, PasswordHashing passwords, TimeProvider clock)
    {
        var meter = meters.Create("auth");
        _logins = meter.CreateCounter<long>("logins_total", description: "Logins by method and outcome.");
        _refreshes = meter.CreateCounter<long>("refreshes_total", description: "Refreshes by outcome.");
        _reuses = meter.CreateCounter<long>("refresh_tokens_reused_total", description: "Refresh tokens presented again after their successor was used.");
        _bursts = meter.CreateCounter<long>("failure_bursts_total", description: "Bursts of failed logins, by what they were aimed at.");
        _registrations = meter.CreateCounter<long>("registrations_total", description: "Accounts that people registered.");
        meter.CreateObservableGauge(
            "sessions_active", () => database.Read(session => session.CountLiveSessions(clock.GetUtcNow())), description: "Sessions that can be continued.");
        meter.CreateObservableGauge("passwords_waiting", () => passwords.Waiting, description: "Passwords that wait to be hashed.");
    }

    public void Login(string method, LoginOutcome outcome) =>
        _logins.Add(1, new("method", method), new("outcome", outcome.ToString().ToLowerInvariant()));

    public void Registered() => _registrations.Add(1);

    public void Refreshed(bool isGranted, bool isReuse)
    {
        _refreshes.Add(1, new KeyValuePair<string, object?>("outcome", isGranted ? "succeeded" : isReuse ? "reused" : "refused"));
        if (isReuse)
        {
            _reuses.Add(1);
        }
    }

    /// <summary>Tells of a burst when the failure completed one.</summary>
    public void Failure(FailureOutcome? failure)
    {
        if (failure is { IsAccountLocked: true })
        {
            _bursts.Add(1, new KeyValuePair<string, object?>("target", "account"));
        }

        if (failure?.Address is { } block)
        {
            _bursts.Add(1, new KeyValuePair<string, object?>("target", block == AddressBlock.ManyNames ? "many-accounts" : "address"));
        }
    }
}
