using DaprMesh.Sidecar.Bindings;

namespace DaprMesh.Sidecar.Tests.Bindings;

public sealed class SecurePathTests
{
    [Theory]
    [InlineData("a.txt", "a.txt")]
    [InlineData("../escape.txt", "escape.txt")]
    [InlineData("a/../../../etc/passwd", "etc/passwd")]
    [InlineData("/etc/passwd", "etc/passwd")]
    [InlineData("./a//b/.", "a/b")]
    public void A_name_stays_below_the_root(string name, string expected)
    {
        using var folder = new TempFolder();

        Assert.Equal(Path.Join(folder.Path, expected), SecurePath.Join(folder.Path, name));
    }

    [Fact]
    public void A_link_out_of_the_root_leads_back_into_it()
    {
        using var folder = new TempFolder();
        Directory.CreateSymbolicLink(folder.File("out"), "/etc");

        Assert.Equal(folder.File("etc/passwd"), SecurePath.Join(folder.Path, "out/passwd"));
    }

    [Fact]
    public void Links_in_a_circle_are_refused()
    {
        using var folder = new TempFolder();
        Directory.CreateSymbolicLink(folder.File("a"), "b");
        Directory.CreateSymbolicLink(folder.File("b"), "a");

        Assert.Throws<BindingException>(() => SecurePath.Join(folder.Path, "a/x"));
    }
}
