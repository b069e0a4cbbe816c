using DaprMesh.Sidecar.Resiliency;
using DaprMesh.Sidecar.Tests.Resources;
using Microsoft.Extensions.Logging;

namespace DaprMesh.Sidecar.Tests.Resiliency;

/// <summary>The policies of one Resiliency resource under a clock that the test moves.</summary>
internal sealed class ResiliencyFixture : IDisposable
{
    private readonly ResourceFolder _folder = new();
    private readonly ILoggerFactory _loggers;

    public ResiliencyFixture(string policies, string targets = "{}")
    {
        _folder.Add("resiliency.yaml", $"apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata: {{ name: shop }}\nspec:\n  policies: {policies}\n  targets: {targets}\n");
        _loggers = LoggerFactory.Create(builder => builder.AddProvider(new Provider(_folder)));
        Policies = new ResiliencyPolicies(_folder.Load().Resiliencies, Clock, _loggers);
    }

    public ManualClock Clock { get; } = new();

    public ResiliencyPolicies Policies { get; }

    public IEnumerable<string> Logged => _folder.Logged;

    public int Attempts { get; private set; }

    /// <summary>Runs an operation that fails with these failures in turn, the last one for ever; null is a success.</summary>
    public Task<string> RunAsync(Policy policy, params Exception?[] failures)
    {
        Attempts = 0;
        return policy.RunAsync<string>(
            _ => failures[Math.Min(Attempts++, failures.Length - 1)] is { } failure ? throw failure : ValueTask.FromResult("done"),
            TestContext.Current.CancellationToken).AsTask();
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _folder.Dispose();
    }

    private sealed class Provider(ResourceFolder folder) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => folder;

        public void Dispose()
        {
        }
    }
}
