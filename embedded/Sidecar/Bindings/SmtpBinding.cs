using System.Globalization;
using System.Text;
using DaprMesh.Sidecar.Bindings.Smtp;
using DaprMesh.Sidecar.Hosting;
using DaprMesh.Sidecar.Resources;

namespace DaprMesh.Sidecar.Bindings;

/// <summary>
/// <c>bindings.smtp</c>: sends mail. What a request says counts for that request only; daprd lets it stick to the component.
/// </summary>
internal sealed class SmtpBinding(Component component, SidecarContext context) : IOutputBinding
{
    private const int DefaultPriority = 3;

    private SmtpServer? _server;

    public IReadOnlyList<string> Capabilities { get; } = ["OUTPUT_BINDING"];

    public IReadOnlyList<string> Operations { get; } = ["create"];

    public Task InitAsync(CancellationToken ct)
    {
        var (host, user, password) = (component.Find("host"), component.Find("user") ?? "", component.Find("password") ?? "");
        if (string.IsNullOrEmpty(host)
            || !int.TryParse(component.Find("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535)
        {
            throw new ArgumentException("smtp binding error: host and port fields are required in metadata");
        }

        if ((user.Length == 0) != (password.Length == 0))
        {
            throw new ArgumentException("smtp binding error: both user and password fields are required in metadata");
        }

        try
        {
            _ = Priority(component.Find("priority"));
        }
        catch (BindingException e)
        {
            throw new ArgumentException(e.Message, e);
        }

        _server = new SmtpServer(host, port, user, password, component.IsTrue("skipTLSVerify"));
        return Task.CompletedTask;
    }

    public async ValueTask<BindingAnswer?> InvokeAsync(BindingRequest request, CancellationToken ct)
    {
        var server = _server ?? throw new InvalidOperationException("bindings.smtp is not initialised");
        var priority = Priority(Field(request, "priority"));
        var mail = new Mail(
            Required(request, "emailFrom"),
            Required(request, "emailTo").Split(';'),
            Field(request, "emailCC")?.Split(';') ?? [],
            Field(request, "emailBCC")?.Split(';') ?? [],
            Required(request, "subject"),
            priority,
            Encoding.UTF8.GetString(request.Unquoted().Span));
        try
        {
            await using var client = await SmtpClient.ConnectAsync(server, context.Clock, ct);
            await client.SendAsync(mail, context.Clock.GetLocalNow(), ct);
        }
        catch (Exception e) when (e is SmtpException or IOException or TimeoutException or System.Security.Authentication.AuthenticationException)
        {
            throw new BindingException($"error from smtp binding, sending email failed: {e.Message}");
        }

        return null;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string? Field(BindingRequest request, string name) =>
        request.Metadata.TryGetValue(name, out var value) && value.Length > 0 ? value
        : component.Find(name) is { Length: > 0 } configured ? configured
        : null;

    private string Required(BindingRequest request, string name) =>
        Field(request, name) ?? throw new BindingException($"smtp binding error: {name} property not supplied in configuration- or request-metadata");

    private static int Priority(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return DefaultPriority;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority))
        {
            throw new BindingException($"strconv.Atoi: parsing \"{text}\": invalid syntax");
        }

        return priority is >= 1 and <= 5
            ? priority
            : throw new BindingException("smtp binding error:  priority value must be between 1 (highest) and 5 (lowest)");
    }
}
