using DaprMesh.Sidecar.Bindings.Smtp;

namespace DaprMesh.Sidecar.Tests.Bindings;

public sealed class MailTests
{
    private static readonly DateTimeOffset Date = new(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2));

    [Fact]
    public void A_mail_is_html_in_quoted_printable()
    {
        var text = Mail("Größe", "<b>1=1</b>\nü").Write(Date);

        Assert.Contains("\r\nSubject: =?UTF-8?q?Gr=C3=B6=C3=9Fe?=\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Date: Wed, 04 Mar 2026 05:06:07 +0200\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n<b>1=3D1</b>\r\n=C3=BC", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_subject_cannot_smuggle_in_a_header() =>
        Assert.DoesNotContain("\r\nBcc:", Mail("x\r\nBcc: everybody@example.org", "hi").Write(Date), StringComparison.Ordinal);

    [Fact]
    public void Long_lines_are_broken_softly() =>
        Assert.All(Mail("S", new string('x', 500)).Write(Date).Split("\r\n"), line => Assert.True(line.Length <= 76));

    [Fact]
    public void Blind_copies_are_recipients_but_not_in_the_mail()
    {
        var mail = Mail("S", "hi");

        Assert.Equal(["a@example.org", "hidden@example.org"], mail.Recipients());
        Assert.DoesNotContain("hidden", mail.Write(Date), StringComparison.Ordinal);
    }

    private static Mail Mail(string subject, string html) =>
        new("Shop <shop@example.org>", ["a@example.org"], [], ["hidden@example.org"], subject, 3, html);
}
