using System.Security.Cryptography;
using System.Text;

namespace DaprMesh.Programs;

/// <summary>
/// Lets the test programs that load the whole machine, or that keep to a recording's own times, run one after the other. `dotnet test` starts
/// all of a solution's at once: a storm of requests in one would make the other miss a tick.
/// </summary>
public sealed class MachineTurn : IAsyncLifetime
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);
    private FileStream? _held;

    public async ValueTask InitializeAsync()
    {
        while (_held is null)
        {
            try
            {
                _held = new FileStream(Path(), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(LookAgain, TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_held is not null)
        {
            await _held.DisposeAsync();
        }
    }

    /// <summary>One file for each checkout, so that two of them do not wait for each other.</summary>
    private static string Path() => System.IO.Path.Combine(
        System.IO.Path.GetTempPath(),
        $"daprmesh-tests-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Checkout())))[..12]}.lock");

    private static string Checkout() => new DirectoryInfo(AppContext.BaseDirectory).Parent?.Parent?.FullName ?? AppContext.BaseDirectory;
}
