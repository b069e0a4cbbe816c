using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace DaprMesh.Sidecar.Bindings.Smtp;

/// <summary>Where mail is handed in. Without a user there is no authentication.</summary>
internal sealed record SmtpServer(string Host, int Port, string User, string Password, bool SkipTlsVerify);

/// <summary>What a mail server said, or did not.</summary>
internal sealed class SmtpException(string message) : Exception(message);

/// <summary>One connection to a mail server: TLS from the start on port 465, by STARTTLS elsewhere when the server offers it.</summary>
internal sealed class SmtpClient : IAsyncDisposable
{
    private const int ImplicitTlsPort = 465;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SmtpServer _server;
    private readonly TcpClient _tcp;
    private Stream _stream;
    private StreamReader _reader;
    private List<string> _extensions = [];

    private SmtpClient(SmtpServer server, TcpClient tcp)
    {
        _server = server;
        _tcp = tcp;
        _stream = tcp.GetStream();
        _reader = Reader(_stream);
    }

    public static async Task<SmtpClient> ConnectAsync(SmtpServer server, TimeProvider clock, CancellationToken ct)
    {
        var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync(server.Host, server.Port, ct).AsTask().WaitAsync(Patience, clock, ct);
        }
        catch (SocketException e)
        {
            tcp.Dispose();
            throw new SmtpException(e.SocketErrorCode == SocketError.ConnectionRefused
                ? $"dial tcp {server.Host}:{server.Port}: connect: connection refused"
                : $"dial tcp {server.Host}:{server.Port}: {e.Message}");
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            tcp.Dispose();
            throw;
        }

        var client = new SmtpClient(server, tcp);
        try
        {
            await client.GreetAsync(ct).WaitAsync(Patience, clock, ct);
            return client;
        }
        catch (Exception e) when (e is SmtpException or IOException or TimeoutException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException)
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public async Task SendAsync(Mail mail, DateTimeOffset date, CancellationToken ct)
    {
        var (from, recipients) = (Mail.Address(mail.From), mail.Recipients().ToList());
        try
        {
            await CommandAsync($"MAIL FROM:<{from}>", 250, ct);
            foreach (var recipient in recipients)
            {
                await CommandAsync($"RCPT TO:<{recipient}>", 25, ct);
            }

            await CommandAsync("DATA", 354, ct);
            var text = mail.Write(date);
            text = text.StartsWith('.') ? "." + text : text;
            await WriteAsync(text.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + "\r\n.\r\n", ct);
            await AnswerAsync(250, ct);
        }
        catch (SmtpException e)
        {
            throw new SmtpException($"gomail: could not send email 1: {e.Message}");
        }

        await CommandAsync("QUIT", 221, ct);
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private async Task GreetAsync(CancellationToken ct)
    {
        if (_server.Port == ImplicitTlsPort)
        {
            await SecureAsync(ct);
        }

        await AnswerAsync(220, ct);
        await HelloAsync(ct);
        if (_server.Port != ImplicitTlsPort && _extensions.Contains("STARTTLS"))
        {
            await CommandAsync("STARTTLS", 220, ct);
            await SecureAsync(ct);
            await HelloAsync(ct);
        }

        if (_server.User.Length > 0 && _extensions.Find(line => line.StartsWith("AUTH", StringComparison.Ordinal)) is { } auth)
        {
            await LogInAsync(auth, ct);
        }
    }

    private async Task HelloAsync(CancellationToken ct)
    {
        try
        {
            var answer = await CommandAsync("EHLO localhost", 250, ct);
            _extensions = [.. answer.Skip(1).Select(line => line.ToUpperInvariant())];
        }
        catch (SmtpException)
        {
            _extensions = [];
            await CommandAsync("HELO localhost", 250, ct); // a server from before extensions
        }
    }

    private async Task LogInAsync(string offered, CancellationToken ct)
    {
        if (_stream is not SslStream && _server.Host is not ("localhost" or "127.0.0.1" or "::1"))
        {
            throw new SmtpException("unencrypted connection");
        }

        if (offered.Contains("PLAIN", StringComparison.Ordinal))
        {
            await CommandAsync("AUTH PLAIN " + Base64($"\0{_server.User}\0{_server.Password}"), 235, ct);
            return;
        }

        await CommandAsync("AUTH LOGIN", 334, ct);
        await CommandAsync(Base64(_server.User), 334, ct);
        await CommandAsync(Base64(_server.Password), 235, ct);
    }

    private async Task SecureAsync(CancellationToken ct)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = _server.Host };
        if (_server.SkipTlsVerify)
        {
#pragma warning disable CA5359 // The component's own setting skipTLSVerify asks for it.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        var secured = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secured;
        _reader = Reader(secured);
        await secured.AuthenticateAsClientAsync(options, ct);
    }

    private async Task<List<string>> CommandAsync(string line, int expected, CancellationToken ct)
    {
        await WriteAsync(line + "\r\n", ct);
        return await AnswerAsync(expected, ct);
    }

    private async Task WriteAsync(string text, CancellationToken ct)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await _stream.FlushAsync(ct);
    }

    /// <summary>The answer's lines without their code.</summary>
    /// <param name="expected">A code, or its first digits.</param>
    private async Task<List<string>> AnswerAsync(int expected, CancellationToken ct)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await _reader.ReadLineAsync(ct) ?? throw new SmtpException("EOF");
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                throw new SmtpException($"short response: {line}");
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-')
            {
                continue;
            }

            return code == expected || code / 10 == expected
                ? lines
                : throw new SmtpException($"{code} \"{string.Join('\n', lines)}\"");
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static StreamReader Reader(Stream stream) => new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 1024, leaveOpen: true);
}
