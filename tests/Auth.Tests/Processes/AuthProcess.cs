using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DaprMesh.Auth.Tests.Processes;

/// <summary>The service as a process of its own, without a sidecar: its events stay in the outbox.</summary>
internal sealed partial class AuthProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AuthProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("auth ended: " + string.Join('\n', _lines)));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Client { get; } = new();

    /// <summary>The password that the first start showed; null: it showed none.</summary>
    public string? AdminPassword => _lines.FirstOrDefault(line => line.StartsWith("notice: ", StringComparison.Ordinal)) is { } line
        ? line.Split("the password is ")[1].Split(' ')[0]
        : null;

    public static async Task<AuthProcess> StartAsync(string folder, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(AuthOptions).Assembly.Location, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in new[]
        {
            ("Auth__DataPath", folder), ("Auth__SecretStore", ""), ("Auth__PasswordIterations", "1000"), ("Auth__RegistrationsPerHour", "1000000"),
            ("Auth__RefreshGraceSeconds", "60"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("DAPR_HTTP_ENDPOINT", "http://127.0.0.1:9"),
        })
        {
            start.Environment[name] = value;
        }

        var process = new AuthProcess(start);
        try
        {
            process.Client.BaseAddress = await process._address.Task.WaitAsync(TimeSpan.FromSeconds(60), ct);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body, string? token, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var answer = await Client.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    public async Task<Tokens> LoginAsync(string username, string password, CancellationToken ct)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "auth/login", new { username, password }, null, ct);
        Assert.Equal(200, status);
        return TokensOf(body);
    }

    public static Tokens TokensOf(JsonElement body) => new(
        body.GetProperty("accessToken").GetString()!, body.GetProperty("refreshToken").GetString()!, body.GetProperty("sessionId").GetString()!,
        body.GetProperty("userId").GetString()!);

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None);
        Client.Dispose();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(match.Value));
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9]\d{3,4}")]
    private static partial Regex Listening();
}
